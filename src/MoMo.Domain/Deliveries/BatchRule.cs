namespace MoMo.Domain.Deliveries;

/// <summary>How deliveries of one destination are gathered.</summary>
/// <param name="Max">At most so many are sent together, from 1 to <see cref="BatchMax"/>.</param>
/// <param name="Wait">Fewer are sent when the first of them has waited so long; zero: at once.</param>
public sealed record BatchRule(int Max, TimeSpan Wait)
{
    /// <summary>Deliveries of one batch at most.</summary>
    public const int BatchMax = 1_000;

    /// <summary>The longest wait for more, in seconds: a day.</summary>
    public const int WaitSecondsMax = 86_400;

    private static readonly TimeSpan StepMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StepMax = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait before looking whether there are enough: a tenth of the wait, from 1 to 30 seconds.</summary>
    public TimeSpan Step => Wait / 10 < StepMin ? StepMin : Wait / 10 < StepMax ? Wait / 10 : StepMax;
}
