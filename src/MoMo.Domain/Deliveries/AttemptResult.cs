namespace MoMo.Domain.Deliveries;

/// <summary>What came of one attempt.</summary>
/// <param name="Verdict">What to do next.</param>
/// <param name="Status">HTTP status; null when none came.</param>
/// <param name="Error">What went wrong, for people, at most 500 characters; null when delivered.</param>
/// <param name="RetryAfter">How long the receiver asked us to wait; null when it did not.</param>
public sealed record AttemptResult(AttemptVerdict Verdict, int? Status, string? Error, TimeSpan? RetryAfter);
