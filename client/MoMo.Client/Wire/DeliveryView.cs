namespace MoMo.Client.Wire;

/// <summary>Getting one payment to one destination.</summary>
public sealed record DeliveryView
{
    /// <summary>Its id; also the <c>webhook-id</c> that the receiver sees on every attempt.</summary>
    public required string Id { get; init; }

    /// <summary>The payment; null when it tells of something else, such as <c>adapter.state</c>.</summary>
    public string? PaymentId { get; init; }

    /// <summary>The account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The destination; <c>(removed)</c> for one that was removed before the hub kept the ids of such.</summary>
    public required string DestinationId { get; init; }

    /// <summary>The destination was removed since. One of the same id that was made later is another.</summary>
    public bool DestinationRemoved { get; init; }

    /// <summary>The account's number for the payment or reversal; 0 when it tells of something else.</summary>
    public required long Sequence { get; init; }

    /// <summary>What it tells of: <c>payment.accepted</c>, <c>payment.assigned</c>, <c>payment.reversed</c> or <c>adapter.state</c>.</summary>
    public string? Event { get; init; }

    /// <summary><c>pending</c>, <c>delivered</c> or <c>dead</c>.</summary>
    public required string State { get; init; }

    /// <summary>Attempts so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it is tried next; null unless pending.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it became due for the first time.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When it arrived.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>HTTP status of the last attempt; null when none came.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong last.</summary>
    public string? LastError { get; init; }

    /// <summary>
    /// Why it failed last: <c>account_rejected</c>, <c>account_unreachable</c>, <c>bad_destination</c> or <c>hub_fault</c>; null when it arrived.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>Why it has not been sent yet; null unless pending.</summary>
    public DeliveryWaitView? Wait { get; init; }

    /// <summary>What became of its attempts, the first ones first; at most 100. Null in lists.</summary>
    public IReadOnlyList<AttemptView>? History { get; init; }
}
