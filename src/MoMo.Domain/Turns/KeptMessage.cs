using MoMo.Domain.Proofs;

namespace MoMo.Domain.Turns;

/// <summary>A message that made no payment of its own, on its way to the store.</summary>
/// <param name="Link">Where it is kept.</param>
/// <param name="Psp">Who sent it, if known.</param>
/// <param name="Adapter">Through which adapter, if any.</param>
/// <param name="Why">The code of the refusal, <c>repeat</c>, or what the message was for.</param>
/// <param name="PaymentId">The payment that it repeats; null for none.</param>
/// <param name="ReceivedAt">When the hub received it.</param>
public sealed record KeptMessage(ProofLink Link, string? Psp, string? Adapter, string Why, Guid? PaymentId, DateTimeOffset ReceivedAt);
