using MoMo.Domain.Accounts;

namespace MoMo.Domain.Payments;

/// <summary>Asks an account to take a payment out of suspense.</summary>
public sealed class AssignPayment(Guid paymentId, string accountId, string? referenceId, string reason, string by, DateTimeOffset at)
    : AccountCommand<TakenPayment>
{
    /// <summary>The payment in suspense.</summary>
    public Guid PaymentId { get; } = paymentId;

    /// <inheritdoc/>
    public override string AccountId { get; } = accountId;

    /// <summary>The reference, if known.</summary>
    public string? ReferenceId { get; } = referenceId;

    /// <summary>Why; from 3 to 500 characters.</summary>
    public string Reason { get; } = reason;

    /// <summary>Name of the key that assigns.</summary>
    public string By { get; } = by;

    /// <summary>When it was asked.</summary>
    public DateTimeOffset At { get; } = at;
}
