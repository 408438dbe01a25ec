namespace MoMo.Domain.Payments;

/// <summary>An operator's word on whose a payment in suspense is. A fact of its own: the payment's row is not touched.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="AccountId">Its account from now on.</param>
/// <param name="ReferenceId">The reference, if the operator knew it.</param>
/// <param name="Sequence">The account's number for it.</param>
/// <param name="Reason">Why; from 3 to 500 characters.</param>
/// <param name="By">Name of the key that assigned it.</param>
/// <param name="At">When.</param>
public sealed record Assignment(
    Guid PaymentId, string AccountId, string? ReferenceId, long Sequence, string Reason, string By, DateTimeOffset At);
