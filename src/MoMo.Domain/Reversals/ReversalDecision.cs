using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Domain.Reversals;

/// <summary>What becomes of a reversal; pure.</summary>
public static class ReversalDecision
{
    /// <summary>Gives a reversal to whoever has its payment.</summary>
    /// <param name="reversal">The reversal.</param>
    /// <param name="payment">What it takes back, as it stands.</param>
    /// <param name="before">What was taken back of it before, in minor units.</param>
    /// <param name="sequence">The number that the account gives next; null when nobody has the payment.</param>
    /// <returns>The reversal with its account and number; or with its payment only, while that is in suspense; or held.</returns>
    public static Reversal Of(Reversal reversal, Payment payment, long before, long? sequence)
    {
        ArgumentNullException.ThrowIfNull(reversal);
        ArgumentNullException.ThrowIfNull(payment);
        var (paid, amount) = (payment.Notice.Amount, reversal.Notice.Amount);
        var held = amount.Currency != paid.Currency ? "currency-differs" : amount.MinorUnits > paid.MinorUnits - before ? "reversal-exceeds" : null;
        return held is not null || sequence is null || payment.AccountId is null
            ? reversal with { PaymentId = payment.Id, Held = held }
            : reversal with { PaymentId = payment.Id, AccountId = payment.AccountId, Sequence = sequence };
    }

    /// <summary>Decides what a repeat gets: the first answer again, or a refusal that names what differs.</summary>
    public static Outcome<TakenReversal> Repeat(ReversalNotice repeat, Reversal earlier)
    {
        ArgumentNullException.ThrowIfNull(repeat);
        ArgumentNullException.ThrowIfNull(earlier);
        var differences = repeat.DifferencesFrom(earlier.Notice);
        if (differences.Count == 0) return new TakenReversal(earlier, Replayed: true);
        return new Refusal(
            "reversal-differs",
            $"{repeat.Psp} already sent {repeat.PspReference} as reversal {earlier.Id} with another {string.Join(", ", differences)}. A reversal is never changed.",
            [.. differences.Select(field => new FieldFault(field, "differs", $"Differs from reversal {earlier.Id}."))]);
    }
}
