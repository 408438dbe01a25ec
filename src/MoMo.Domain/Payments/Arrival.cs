using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;

namespace MoMo.Domain.Payments;

/// <summary>A payment on its way to the account that it was routed to.</summary>
/// <param name="Id">The payment's id, if it is taken.</param>
/// <param name="Notice">What the PSP said.</param>
/// <param name="Routing">Whose it is.</param>
/// <param name="Proof">What proves it.</param>
/// <param name="ReceivedAt">When the hub received it.</param>
/// <param name="Place">Its place in a stream whose sender can be slowed down: it waits for room instead of being refused as busy. Null outside streams.</param>
public sealed record Arrival(
    Guid Id, PaymentNotice Notice, RoutingDecision Routing, Proof Proof, DateTimeOffset ReceivedAt, StreamPlace? Place = null)
{
    /// <summary>Whether it is real money: its adapter's mode.</summary>
    public Mode Mode { get; init; }
}
