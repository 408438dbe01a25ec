namespace MoMo.Client.Wire;

/// <summary>A stretch of time that was fetched again, and what callbacks had lost of it.</summary>
public sealed record BackfillView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The adapter.</summary>
    public required string Adapter { get; init; }

    /// <summary>From here on.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Up to here, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>How far it has come.</summary>
    public required DateTimeOffset DoneTo { get; init; }

    /// <summary><c>waiting</c> or <c>done</c>.</summary>
    public required string State { get; init; }

    /// <summary>What keeps it.</summary>
    public string? Detail { get; init; }

    /// <summary>Answers that were fetched.</summary>
    public required long Files { get; init; }

    /// <summary>Payments that were found only now: callbacks had lost them.</summary>
    public required long PaymentsNew { get; init; }

    /// <summary>Payments that were known already.</summary>
    public required long PaymentsKnown { get; init; }

    /// <summary>Payments that were known with other content; see the files' remarks.</summary>
    public required long Conflicts { get; init; }

    /// <summary>Entries that could not be read; see the files' remarks.</summary>
    public required long Faults { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When it was done.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
