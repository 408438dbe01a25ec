namespace MoMo.Client.Wire;

/// <summary>A statement file that was taken in, and what came of it.</summary>
public sealed record FileView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The adapter that read it.</summary>
    public required string Adapter { get; init; }

    /// <summary>Its name, as sent.</summary>
    public string? Name { get; init; }

    /// <summary>SHA-256 of its bytes, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary><c>reading</c>, <c>taken</c> or <c>refused</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Detail { get; init; }

    /// <summary>True when the very same bytes had been sent before; its payments were looked at again, none is taken twice.</summary>
    public bool Replayed { get; init; }

    /// <summary>Payments that an account took.</summary>
    public long Accepted { get; init; }

    /// <summary>Payments in suspense.</summary>
    public long Suspense { get; init; }

    /// <summary>Payments that had been taken before.</summary>
    public long ReplayedPayments { get; init; }

    /// <summary>Entries whose psp_reference was used before with other content.</summary>
    public long Conflicts { get; init; }

    /// <summary>Entries that are not incoming money (outgoing, pending, fees, reversals): recorded, never credited.</summary>
    public long Notices { get; init; }

    /// <summary>Entries that could not be read, or are held.</summary>
    public long Faults { get; init; }

    /// <summary>The first faults and warnings, each with its position; at most 100.</summary>
    public IReadOnlyList<FileFaultView> Remarks { get; init => field = value ?? []; } = [];

    /// <summary>When it was received.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
