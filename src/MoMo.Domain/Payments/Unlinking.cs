namespace MoMo.Domain.Payments;

/// <summary>
/// An operator's word that a payment was not its account's. Facts of their own: the payment's row is not touched and stays the account's, which gets a
/// reversal of what was left of it; and what was left stands in suspense as a payment of its own, to be assigned to somebody else.
/// </summary>
/// <param name="PaymentId">The payment in suspense that stands for it from now on.</param>
/// <param name="OriginalId">The payment that was taken from its account.</param>
/// <param name="ReversalId">What the account is told of it.</param>
/// <param name="Reason">Why; from 3 to 500 characters.</param>
/// <param name="By">Name of the key that ordered it.</param>
/// <param name="At">When.</param>
public sealed record Unlinking(Guid PaymentId, Guid OriginalId, Guid ReversalId, string Reason, string By, DateTimeOffset At);
