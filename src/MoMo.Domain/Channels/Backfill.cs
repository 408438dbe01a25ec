namespace MoMo.Domain.Channels;

/// <summary>A stretch of time that somebody wants fetched again.</summary>
public sealed record Backfill
{
    /// <summary>Made by us.</summary>
    public required Guid Id { get; init; }

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

    /// <summary>What was found.</summary>
    public required ChannelTally Tally { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When it was done.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
