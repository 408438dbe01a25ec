namespace MoMo.Domain.Deliveries;

/// <summary>Getting one payment to one destination: what is recorded when the payment is taken.</summary>
/// <param name="Id">The receiver's <c>webhook-id</c>, the same on every attempt.</param>
/// <param name="Lane">The destination's lane.</param>
/// <param name="PaymentId">The payment.</param>
/// <param name="AccountId">The account.</param>
/// <param name="Sequence">The account's number for the payment.</param>
/// <param name="DueAt">When it is tried first.</param>
public sealed record Delivery(Guid Id, long Lane, Guid PaymentId, string AccountId, long Sequence, DateTimeOffset DueAt)
{
    /// <summary>The reversal of the payment that it tells of; null when it tells of the payment itself.</summary>
    public Guid? ReversalId { get; init; }

    /// <summary>
    /// Whether it is of a payment that the account got when it came: it follows from the payment and the destination, and a store need not keep it before
    /// it is tried. Its id is <see cref="DeliveryId.Of"/> of both.
    /// </summary>
    public bool Follows { get; init; }

    /// <summary>The payment's reference in lower case; null when it has none. See <see cref="DeliveryOrder.Reference"/>.</summary>
    public string? OrderKey { get; init; }
}
