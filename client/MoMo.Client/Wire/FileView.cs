namespace MoMo.Client.Wire;

/// <summary>
/// A statement file that was taken in, and what came of it. When it is listed or read, its counts are of what it holds, as its last reading found it, whichever
/// reading took it; in the answer to who sends it they are of that reading, in which what an earlier one took was taken before.
/// </summary>
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

    /// <summary>Why it was refused; of a file that was taken, why it is refused now that it was read again.</summary>
    public string? Detail { get; init; }

    /// <summary>True when the very same bytes had been sent before; its payments were looked at again, none is taken twice.</summary>
    public bool Replayed { get; init; }

    /// <summary>Its payments that an account took.</summary>
    public long Accepted { get; init; }

    /// <summary>Its payments that belonged to nobody when they were taken.</summary>
    public long Suspense { get; init; }

    /// <summary>Payments that had been taken before: by another way, or, for who sends it again, from this file.</summary>
    public long ReplayedPayments { get; init; }

    /// <summary>Entries whose psp_reference was used before with other content.</summary>
    public long Conflicts { get; init; }

    /// <summary>Entries that are not incoming money (outgoing, pending, fees, reversals): recorded, never credited.</summary>
    public long Notices { get; init; }

    /// <summary>Entries that could not be read, or are held.</summary>
    public long Faults { get; init; }

    /// <summary>The first faults and warnings of all its readings, each with its position; at most 100. They stay, also of what has been taken since.</summary>
    public IReadOnlyList<FileFaultView> Remarks { get; init => field = value ?? []; } = [];

    /// <summary>When it was received.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How often it was read to its end: once more each time it is sent again.</summary>
    public int Readings { get; init; }

    /// <summary>When its last reading ended.</summary>
    public DateTimeOffset? ReadAt { get; init; }
}
