namespace MoMo.Client.Wire;

/// <summary>Why a pending delivery has not been sent yet, as all silos know it.</summary>
public sealed record DeliveryWaitView
{
    /// <summary>
    /// <c>paused</c>: its destination is; <c>behind</c>: an earlier one, which failed, must arrive or be given up first; <c>breaker</c>: that of its
    /// destination is open; <c>slowed</c>: its destination rests, by its rate limit, for a receiver that asked for less, or to gather several;
    /// <c>scheduled</c>: its next attempt is due later; <c>due</c>: nothing, it is sent as soon as its turn comes. Of several the first.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>Not before this; null when nobody knows, or it is due.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The delivery that it waits for; null unless the reason is <c>behind</c>.</summary>
    public string? Behind { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string Text { get; init; }
}
