namespace MoMo.Domain.Payments;

/// <summary>When the payer paid, as precisely as the PSP said it.</summary>
/// <param name="Instant">In any offset; midnight UTC when only the day is known.</param>
/// <param name="DayOnly">Only the day is known: bank dates are dates, not midnights.</param>
public sealed record PaidAt(DateTimeOffset Instant, bool DayOnly = false)
{
    /// <summary>A clock that is read in a wrong zone is never as far off.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromDays(2);

    /// <summary>In UTC, cut to microseconds: what is kept. A repeat that says it finer must not differ from what was kept of it.</summary>
    public DateTimeOffset Instant { get; init; } =
        new(Instant.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>Whether two descriptions can't be of one payment. Banks book days later: a day alone tells nothing.</summary>
    public bool IsAnotherTime(PaidAt? other) => other is { DayOnly: false } && !DayOnly && (Instant - other.Instant).Duration() > Apart;
}
