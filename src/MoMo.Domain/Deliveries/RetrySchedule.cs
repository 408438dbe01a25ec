namespace MoMo.Domain.Deliveries;

/// <summary>
/// When a delivery that did not arrive is tried again: the schedule that Standard Webhooks 1.0.0 recommends, ten attempts over 75 hours.
/// Each wait is shaken by up to a fifth either way, so that what failed together does not come back together.
/// </summary>
public static class RetrySchedule
{
    /// <summary>Attempts in all, the first included.</summary>
    public const int AttemptsMax = 10;

    /// <summary>A receiver that asks for more than this (24 hours) gets this.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(24);

    /// <summary>Waits that a destination may have of its own.</summary>
    public const int WaitsMax = 20;

    /// <summary>The shortest wait that a destination may have.</summary>
    public static readonly TimeSpan WaitMin = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that a destination may have.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromHours(48);

    /// <summary>All waits of a destination together at most.</summary>
    public static readonly TimeSpan WaitsTotalMax = TimeSpan.FromDays(14);

    private const long JitterParts = 5;

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    private static readonly TimeSpan Whole = Waits.Aggregate((sum, wait) => sum + wait);

    /// <summary>How long to wait from the end of the last attempt to the next.</summary>
    /// <param name="attempts">Attempts made so far; 0 before the first, which is due at once.</param>
    /// <param name="retryAfter">What the receiver asked for. It can only lengthen the wait; 24 hours at most.</param>
    /// <param name="chance">Where the jitter comes from.</param>
    /// <returns>The wait, or null when there is no further attempt.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="attempts"/> is negative.</exception>
    public static TimeSpan? WaitAfter(int attempts, TimeSpan? retryAfter, Random chance) => WaitAfter(Waits, attempts, retryAfter, chance);

    /// <inheritdoc cref="WaitAfter(int, TimeSpan?, Random)"/>
    /// <param name="waits">The waits between attempts; null for the standard's.</param>
    /// <param name="attempts">Attempts made so far; 0 before the first, which is due at once.</param>
    /// <param name="retryAfter">What the receiver asked for. It can only lengthen the wait; 24 hours at most.</param>
    /// <param name="chance">Where the jitter comes from.</param>
    public static TimeSpan? WaitAfter(IReadOnlyList<TimeSpan>? waits, int attempts, TimeSpan? retryAfter, Random chance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(attempts);
        ArgumentNullException.ThrowIfNull(chance);
        waits ??= Waits;
        if (attempts > waits.Count) return null;
        if (attempts == 0) return TimeSpan.Zero;

        var shaken = Shake(waits[attempts - 1], chance);
        if (retryAfter is not { } asked) return shaken;

        var granted = asked < RetryAfterMax ? asked : RetryAfterMax;
        return granted > shaken ? granted : shaken;
    }

    /// <summary>
    /// How long to wait for one attempt more when the standard's schedule is at its end: its jitter may have made it shorter than it promises to be, and a
    /// receiver that has been away for less than the whole of it is not to be given up.
    /// </summary>
    /// <param name="failingFor">For how long nothing has arrived; null when something has.</param>
    /// <param name="chance">Where the jitter comes from.</param>
    /// <returns>What is left of all waits together, or up to a fifth more; null when nothing is.</returns>
    public static TimeSpan? WaitToEnd(TimeSpan? failingFor, Random chance)
    {
        ArgumentNullException.ThrowIfNull(chance);
        if (failingFor is not { } time || time >= Whole) return null;
        var left = Whole - time;
        return left + TimeSpan.FromTicks(chance.NextInt64(left.Ticks / JitterParts + 1));
    }

    /// <summary>A wait, up to a fifth shorter or longer.</summary>
    public static TimeSpan Shake(TimeSpan wait, Random chance)
    {
        var jitterMax = wait.Ticks / JitterParts;
        return wait + TimeSpan.FromTicks(chance.NextInt64(-jitterMax, jitterMax + 1));
    }
}
