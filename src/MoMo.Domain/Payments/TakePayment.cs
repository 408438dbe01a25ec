using MoMo.Domain.Accounts;

namespace MoMo.Domain.Payments;

/// <summary>Asks the account that a payment was routed to (or suspense) to take it. Safe to repeat: same content, same answer.</summary>
public sealed class TakePayment(Arrival arrival) : AccountCommand<TakenPayment>
{
    /// <summary>The payment.</summary>
    public Arrival Arrival { get; } = arrival;

    /// <inheritdoc/>
    public override string? AccountId => Arrival.Routing.AccountId;

    /// <inheritdoc/>
    public override int Weight => 1_024 + Arrival.Proof.Weight;
}
