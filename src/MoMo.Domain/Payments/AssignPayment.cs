using MoMo.Domain.Accounts;

namespace MoMo.Domain.Payments;

/// <summary>Asks an account to take a payment out of suspense. Safe to repeat: same account, same answer.</summary>
public sealed class AssignPayment(AssignmentOrder order) : AccountCommand<TakenPayment>
{
    /// <summary>The order.</summary>
    public AssignmentOrder Order { get; } = order;

    /// <inheritdoc/>
    public override string AccountId => Order.AccountId;
}
