namespace MoMo.Domain.Files;

/// <summary>A statement file that is kept.</summary>
public sealed record StatementFile
{
    /// <summary>Made by us.</summary>
    public required Guid Id { get; init; }

    /// <summary>The adapter that reads it.</summary>
    public required string Adapter { get; init; }

    /// <summary>As sent.</summary>
    public string? Name { get; init; }

    /// <summary>Of its bytes.</summary>
    public required byte[] Sha256 { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary><c>reading</c>, <c>taken</c> or <c>refused</c>.</summary>
    public required string State { get; init; }

    /// <summary>Whether a reading has begun, the first or a further one, and did not end yet.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>Why it was refused, when it was read last.</summary>
    public string? Detail { get; init; }

    /// <summary>What came of it: on record, of what it holds, whichever reading took it; as a reading's result, of that reading.</summary>
    public required FileCounts Counts { get; init; }

    /// <summary>How often it was read to its end: once more each time it is sent again.</summary>
    public int Readings { get; init; }

    /// <summary>When its last reading ended.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>When it was received.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
