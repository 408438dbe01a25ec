namespace MoMo.Domain.Payments;

/// <summary>The answer to whoever brought a payment.</summary>
/// <param name="Payment">As it is kept.</param>
/// <param name="Replayed">It had been taken before, with the same content.</param>
public sealed record TakenPayment(Payment Payment, bool Replayed);
