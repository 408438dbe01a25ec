namespace MoMo.Domain.Payments;

/// <summary>When the payer paid, as precisely as the PSP said it.</summary>
/// <param name="Instant">In UTC; midnight UTC when only the day is known.</param>
/// <param name="DayOnly">Only the day is known: bank dates are dates, not midnights.</param>
public sealed record PaidAt(DateTimeOffset Instant, bool DayOnly = false);
