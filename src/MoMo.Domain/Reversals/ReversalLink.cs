namespace MoMo.Domain.Reversals;

/// <summary>What became known of a reversal after it was recorded. A fact of its own: the reversal's row is not touched.</summary>
/// <param name="ReversalId">The reversal.</param>
/// <param name="PaymentId">The payment that it takes back.</param>
/// <param name="AccountId">The account that has the payment; null when none has it yet, or when the reversal is held.</param>
/// <param name="Sequence">The account's number for the reversal.</param>
/// <param name="Held">Why it does not count; null when it does.</param>
/// <param name="At">When.</param>
public sealed record ReversalLink(Guid ReversalId, Guid PaymentId, string? AccountId, long? Sequence, string? Held, DateTimeOffset At);
