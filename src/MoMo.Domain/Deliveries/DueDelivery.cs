using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;

namespace MoMo.Domain.Deliveries;

/// <summary>A delivery that is due now, with what it delivers.</summary>
/// <param name="Id">The receiver's <c>webhook-id</c>.</param>
/// <param name="Attempts">Attempts before this one, ever.</param>
/// <param name="Payment">The payment, with the account's number for it; null when it is no payment that is told of.</param>
public sealed record DueDelivery(Guid Id, int Attempts, Payment? Payment)
{
    /// <summary>Of these attempts, those before a person asked for it again: the schedule begins anew from there.</summary>
    public int RoundStart { get; init; }

    /// <summary>The receiver refused it when it was tried last: it, or what went with it.</summary>
    public bool WasRejected { get; init; }

    /// <summary>When the first attempt of its round was made; known of those that may have their last one before them.</summary>
    public DateTimeOffset? TriedSince { get; init; }

    /// <summary>The account's number for the payment; 0 for what is no payment.</summary>
    public long Sequence { get; init; } = Payment?.Sequence ?? 0;

    /// <summary>Since when it is due.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>What must arrive in order has the same key: the reference in lower case. Null: waits for nobody.</summary>
    public string? OrderKey { get; init; }

    /// <summary>The delivery as it follows from the payment, when nothing else is stored of it yet; else null.</summary>
    public Delivery? Unwritten { get; init; }

    /// <summary>What was taken back of the payment, when that is what is told; else null.</summary>
    public Reversal? Reversal { get; init; }

    /// <summary>What became of an adapter, when that is what is told; else null.</summary>
    public AdapterNews? Adapter { get; init; }
}
