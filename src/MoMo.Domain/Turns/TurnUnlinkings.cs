using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Routing;
using MoMo.Engine;

namespace MoMo.Domain.Turns;

/// <summary>The payments of a turn that are taken from their accounts, back into suspense.</summary>
internal sealed class TurnUnlinkings(TurnReversals reversals)
{
    private readonly List<UnlinkPayment> orders = [];
    private readonly Dictionary<Guid, Unlinking> known = []; // by the original

    /// <summary>The payments that they are of.</summary>
    public IEnumerable<Guid> Payments => orders.Select(one => one.Order.PaymentId);

    /// <summary>What the turn is asked.</summary>
    public IReadOnlyList<UnlinkPayment> Orders => orders;

    public void Clear()
    {
        orders.Clear();
        known.Clear();
    }

    public void Want(UnlinkPayment unlink)
    {
        unlink.Decision = null;
        orders.Add(unlink);
    }

    /// <summary>Finds those that were unlinked before.</summary>
    public async Task LoadAsync(ITurnTransaction transaction, CancellationToken cancellation)
    {
        foreach (var one in await transaction.FindUnlinkingsAsync([.. Payments], cancellation)) known[one.OriginalId] = one;
    }

    /// <summary>Decides for one, after the account was fenced.</summary>
    /// <param name="unlink">The order.</param>
    /// <param name="payment">The payment; null when there is none.</param>
    /// <param name="proof">Where the order is kept.</param>
    /// <param name="facts">What was decided is added here.</param>
    /// <returns>What is left of it, as a payment in suspense; null when nothing was taken.</returns>
    public Payment? Decide(UnlinkPayment unlink, Payment? payment, ProofLink proof, TurnFacts facts)
    {
        var order = unlink.Order;
        if (known.TryGetValue(order.PaymentId, out var first))
        {
            unlink.Decision = new UnlinkedPayment(first, Replayed: true);
            return null;
        }

        if (payment is null)
        {
            unlink.Decision = new Refusal("payment-unknown", $"There is no payment {order.PaymentId}.");
            return null;
        }

        if (payment.AccountId != order.AccountId)
        {
            unlink.Decision = new Refusal("payment-in-suspense", $"Payment {payment.Id} is not account {order.AccountId}'s.");
            return null;
        }

        var left = payment.Notice.Amount.MinorUnits - reversals.Reversed(payment.Id);
        if (left <= 0)
        {
            unlink.Decision = new Refusal("payment-reversed", $"All of payment {payment.Id} was taken back: there is nothing left to unlink.");
            return null;
        }

        var amount = new Money(left, payment.Notice.Amount.Currency);
        var reversal = new Reversal { Id = order.ReversalId, Notice = ReversalNotice.OfUnlinked(payment, amount), ReceivedAt = order.At, Proof = proof };
        reversals.Take(reversal, payment, facts);
        var rest = AccountActor.Unlink(payment, order.RestId, amount, order.At);
        facts.Payments.Add(rest);
        var unlinking = new Unlinking(rest.Id, payment.Id, reversal.Id, order.Reason, order.By, order.At);
        facts.Unlinkings.Add(unlinking);
        known[payment.Id] = unlinking;
        unlink.Decision = new UnlinkedPayment(unlinking, Replayed: false);
        return rest;
    }

    /// <summary>The payment that stands for one now, as far as this turn knows.</summary>
    public Guid Now(Guid payment)
    {
        while (known.TryGetValue(payment, out var one)) payment = one.PaymentId;
        return payment;
    }
}
