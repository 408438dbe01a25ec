using MoMo.Domain.Deliveries;

namespace MoMo.Domain.Questions;

/// <summary>
/// When a PSP that said nothing final is asked again: after 5 seconds, 30 seconds, 2, 10 and 30 minutes, then every hour, for a day. Each wait is
/// shaken by up to a fifth either way.
/// </summary>
public static class QuestionSchedule
{
    /// <summary>How long a question is asked, from when it is first due.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>No question is asked again sooner, however often it is rung for.</summary>
    public static readonly TimeSpan RingWait = TimeSpan.FromSeconds(5);

    /// <summary>A PSP that wants to be left alone for longer (an hour) is asked then.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] Waits =
        [RingWait, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), WaitMax];

    /// <summary>How long to wait.</summary>
    /// <param name="tries">How often it was asked so far; from 1.</param>
    /// <param name="retryAfter">What the PSP wants. It can only lengthen the wait.</param>
    /// <param name="chance">Where the jitter comes from.</param>
    public static TimeSpan WaitAfter(int tries, TimeSpan? retryAfter, Random chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tries, 1);
        ArgumentNullException.ThrowIfNull(chance);
        var wait = RetrySchedule.Shake(Waits[Math.Min(tries, Waits.Length) - 1], chance);
        return retryAfter > wait ? retryAfter.Value < WaitMax ? retryAfter.Value : WaitMax : wait;
    }
}
