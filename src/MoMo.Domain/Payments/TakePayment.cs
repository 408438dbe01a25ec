using MoMo.Domain.Accounts;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;

namespace MoMo.Domain.Payments;

/// <summary>Asks the account that a payment was routed to (or suspense) to take it. Safe to repeat: same content, same answer.</summary>
public sealed class TakePayment(Guid id, PaymentNotice notice, RoutingDecision decision, Proof proof, DateTimeOffset receivedAt)
    : AccountCommand<TakenPayment>
{
    /// <summary>The payment's id, if it is taken.</summary>
    public Guid Id { get; } = id;

    /// <summary>What the PSP said.</summary>
    public PaymentNotice Notice { get; } = notice;

    /// <summary>Whose it is.</summary>
    public RoutingDecision Routing { get; } = decision;

    /// <summary>Where it is proved.</summary>
    public Proof Proof { get; } = proof;

    /// <summary>When the hub received it.</summary>
    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    /// <inheritdoc/>
    public override string? AccountId => Routing.AccountId;

    /// <inheritdoc/>
    public override int Weight => 1_024 + Proof.Weight;
}
