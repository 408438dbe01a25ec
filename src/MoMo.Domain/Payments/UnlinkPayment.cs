using MoMo.Domain.Accounts;

namespace MoMo.Domain.Payments;

/// <summary>Asks an account to give a payment back. Safe to repeat: same payment, same answer.</summary>
public sealed class UnlinkPayment(UnlinkOrder order) : AccountCommand<UnlinkedPayment>
{
    /// <summary>The order.</summary>
    public UnlinkOrder Order { get; } = order;

    /// <inheritdoc/>
    public override string AccountId => Order.AccountId;

    /// <inheritdoc/>
    public override int Weight => 2_048 + Order.Proof.Weight;
}
