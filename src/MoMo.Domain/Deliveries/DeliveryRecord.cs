namespace MoMo.Domain.Deliveries;

/// <summary>A delivery as it stands.</summary>
public sealed record DeliveryRecord
{
    /// <summary>The receiver's <c>webhook-id</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The payment; null when it tells of something else.</summary>
    public required Guid? PaymentId { get; init; }

    /// <summary>The account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The destination; null when it was removed so long ago that nobody kept its id.</summary>
    public required string? DestinationId { get; init; }

    /// <summary>The destination was removed since; one of the same id that was made later is another.</summary>
    public bool DestinationRemoved { get; init; }

    /// <summary>The account's number for the payment.</summary>
    public required long Sequence { get; init; }

    /// <summary>What it tells of, one of <see cref="EventTypes"/>.</summary>
    public required string Event { get; init; }

    /// <summary><c>pending</c>, <c>delivered</c> or <c>dead</c>.</summary>
    public required string State { get; init; }

    /// <summary>Attempts so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it is tried next.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it became due for the first time.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When it arrived.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>HTTP status of the last attempt.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong last.</summary>
    public string? LastError { get; init; }

    /// <summary>Why it failed last; a word of <see cref="DeliveryWords.Causes"/>.</summary>
    public string? Cause { get; init; }

    /// <summary>How long the last attempt took.</summary>
    public TimeSpan? LastDuration { get; init; }
}
