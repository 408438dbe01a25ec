using MoMo.Domain.Proofs;

namespace MoMo.Domain.Payments;

/// <summary>An operator's order to take a payment from the account that has it, back into suspense.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="AccountId">The account that has it.</param>
/// <param name="RestId">The id of the payment that is to stand for it.</param>
/// <param name="ReversalId">The id of the reversal that the account gets.</param>
/// <param name="Reason">Why; from 3 to 500 characters.</param>
/// <param name="By">Name of the key that orders it.</param>
/// <param name="At">When.</param>
/// <param name="Proof">The order itself, which proves the reversal.</param>
public sealed record UnlinkOrder(
    Guid PaymentId, string AccountId, Guid RestId, Guid ReversalId, string Reason, string By, DateTimeOffset At, Proof Proof);
