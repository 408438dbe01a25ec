using MoMo.Domain.Proofs;

namespace MoMo.Domain.Reversals;

/// <summary>Money a PSP took back, as it is kept: a fact of its own; the payment that it takes back stays as it is.</summary>
public sealed record Reversal
{
    /// <summary>Time-ordered, made by us.</summary>
    public required Guid Id { get; init; }

    /// <summary>What the PSP said.</summary>
    public required ReversalNotice Notice { get; init; }

    /// <summary>The payment that it takes back; null while that is not known (an orphan).</summary>
    public Guid? PaymentId { get; init; }

    /// <summary>The account that has the payment; null while nobody has it, and when it is held.</summary>
    public string? AccountId { get; init; }

    /// <summary>The account's number for it, in one row with its payments' numbers.</summary>
    public long? Sequence { get; init; }

    /// <summary>Why it does not count: <c>reversal-exceeds</c>, <c>currency-differs</c>; null when it does.</summary>
    public string? Held { get; init; }

    /// <summary>When the hub received it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Where its proof is.</summary>
    public required ProofLink Proof { get; init; }

    /// <summary><c>orphaned</c>, <c>held</c>, <c>suspense</c> (its payment is) or <c>accepted</c>.</summary>
    public string Status => Held is not null ? "held" : PaymentId is null ? "orphaned" : AccountId is null ? "suspense" : "accepted";
}
