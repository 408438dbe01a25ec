using MoMo.Domain.Payments;

namespace MoMo.Storage.Proofs;

/// <summary>A message that made no payment of its own, as it is listed.</summary>
/// <param name="Sha256">Of its bytes, 32 bytes; also its name.</param>
/// <param name="Psp">The PSP, if it is known.</param>
/// <param name="Adapter">The adapter that it came through, if any.</param>
/// <param name="Why">The code of the refusal, <c>validation</c>, or what it is instead of a payment.</param>
/// <param name="PaymentId">The payment that it repeats with other content.</param>
/// <param name="ReceivedAt">When it came for the first time.</param>
public sealed record MessageRow(byte[] Sha256, string? Psp, string? Adapter, string Why, Guid? PaymentId, DateTimeOffset ReceivedAt)
{
    /// <summary>The PSP's id of what it tells, if that is no payment.</summary>
    public string? PspReference { get; init; }

    /// <summary>How much, if it is money.</summary>
    public Money? Amount { get; init; }

    /// <summary>What it tells, in a sentence or less.</summary>
    public string? Detail { get; init; }
}
