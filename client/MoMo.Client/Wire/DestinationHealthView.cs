namespace MoMo.Client.Wire;

/// <summary>
/// How a destination fares, as all silos know it. A silo that is sending to it knows more, in its memory only: the attempts of the last half minute,
/// by which the breaker opens, and how far it slowed down for an overloaded receiver.
/// </summary>
public sealed record DestinationHealthView
{
    /// <summary>
    /// <c>closed</c>; <c>open</c>: nothing is sent for a while, because most attempts failed; <c>half_open</c>: what is sent next is a probe, which
    /// closes or opens it; <c>off</c>: it has none.
    /// </summary>
    public required string Breaker { get; init; }

    /// <summary>Since when the breaker has not been closed; null when it is closed.</summary>
    public DateTimeOffset? OpenSince { get; init; }

    /// <summary>When the breaker, which is open, lets the next probe through; null while attempts of before it opened have not ended.</summary>
    public DateTimeOffset? NextProbeAt { get; init; }

    /// <summary>
    /// Nothing is sent before this although the breaker is closed: the rate limit, a receiver that asked for less, or several payments that are
    /// gathered to go together. Null when it is not so.
    /// </summary>
    public DateTimeOffset? SlowedUntil { get; init; }

    /// <summary>Catches up after a breakdown or a pause, at a bounded rate.</summary>
    public required bool Recovering { get; init; }

    /// <summary>
    /// Since when nothing has arrived although it was tried; null when the last attempt arrived. A silo that is sending tells the others after a minute,
    /// or when it stops for now.
    /// </summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the hub pauses it, if nothing arrives until then: at the first attempt that fails after this. Null when it is not failing.</summary>
    public DateTimeOffset? PausesAt { get; init; }

    /// <summary>Deliveries that wait to be sent. Above 10,000 it is a lower bound: not all are counted.</summary>
    public required long Waiting { get; init; }

    /// <summary>When the oldest delivery that waits was created; null when none waits.</summary>
    public DateTimeOffset? OldestWaitingAt { get; init; }

    /// <summary>When something is tried next; in the past while a silo is at it. Null when nothing waits, or the destination is paused.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}
