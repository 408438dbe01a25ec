namespace MoMo.Domain.Payments;

/// <summary>When the payer paid, as precisely as the PSP said it.</summary>
/// <param name="Instant">In any offset; midnight UTC when only the day is known.</param>
/// <param name="DayOnly">Only the day is known: bank dates are dates, not midnights.</param>
public sealed record PaidAt(DateTimeOffset Instant, bool DayOnly = false)
{
    /// <summary>In UTC, cut to microseconds: what is kept. A repeat that says it finer must not differ from what was kept of it.</summary>
    public DateTimeOffset Instant { get; init; } =
        new(Instant.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
