namespace MoMo.Domain.Deliveries;

/// <summary>An attempt as it is kept.</summary>
/// <param name="Number">From 1.</param>
/// <param name="At">When it ended.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Status">HTTP status; null when none came.</param>
/// <param name="Error">What went wrong; null when it arrived.</param>
/// <param name="Cause">Why; a word of <see cref="DeliveryWords.Causes"/>.</param>
/// <param name="Excerpt">What the receiver wrote.</param>
public sealed record AttemptRecord(int Number, DateTimeOffset At, TimeSpan Duration, int? Status, string? Error, string? Cause, string? Excerpt);
