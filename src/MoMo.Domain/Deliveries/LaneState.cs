namespace MoMo.Domain.Deliveries;

/// <summary>
/// How a lane stands, as far as the store knows. What a silo that works on it has in memory only is not in it: attempts of the last half minute, how
/// far the receiver slowed it down, and that it has been failing for less than a minute.
/// </summary>
/// <param name="Lane">The lane.</param>
/// <param name="Health">How it fares.</param>
public sealed record LaneState(long Lane, LaneHealth Health)
{
    /// <summary>Waiting deliveries of a lane that are counted at most, ready ones and those that wait for their time each.</summary>
    public const int CountMax = 10_000;

    /// <summary>Since when the breaker is open or half-open; null when it is closed.</summary>
    public DateTimeOffset? OpenSince { get; init; }

    /// <summary>Nobody sends before this, though nobody holds the lane; null when it does not rest.</summary>
    public DateTimeOffset? RestsUntil { get; init; }

    /// <summary>The breaker opened, and what was in flight then has not ended: nothing new is sent.</summary>
    public bool Ending { get; init; }

    /// <summary>When the lane is looked at next; null when nothing is due in it at any time. In the past while a silo works on it.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Deliveries that wait to be sent.</summary>
    public long Waiting { get; init; }

    /// <summary>When the oldest of those was created; null when there is none.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>The breaker is open: nothing is sent. Else, if it has opened, it is half-open: what is sent next is a probe.</summary>
    public bool IsOpen => Health.Opened > 0 && (RestsUntil is not null || Ending);

    /// <summary>When something is tried next; null when nothing waits.</summary>
    public DateTimeOffset? NextAt => Waiting == 0 || DueAt is not { } due ? null : RestsUntil > due ? RestsUntil : due;
}
