using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Routing;
using MoMo.Engine;

namespace MoMo.Domain.Accounts;

/// <summary>
/// What an account remembers between turns, and its decisions: pure and synchronous. A turn hands in the number that it goes by: the one that it found when
/// it fenced the account, or the last one from memory, which is compared behind the fence before anything counts. So what another silo did meanwhile is
/// always seen.
/// </summary>
public sealed class AccountActor(Account state)
{
    /// <summary>The account as of its version.</summary>
    public Account State { get; } = state;

    /// <summary>
    /// The last number that it gave as far as this silo knows, -1 when it does not. Another silo may have given more: whoever uses it has it compared.
    /// </summary>
    internal long LastNumber { get; set; } = -1;

    /// <summary>Decides what becomes of a payment that was routed here.</summary>
    /// <param name="arrival">The payment.</param>
    /// <param name="sequence">The number that the account gives next.</param>
    /// <param name="proof">Where its proof is kept.</param>
    public Payment Take(Arrival arrival, long sequence, ProofLink proof)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        if (State.Archived) return Suspend(arrival, proof, new RuleFinding("account", Verdict.Unknown, $"Account {State.Id} is archived."));
        return Modes.Differ(arrival.Mode, State.Id, State.Mode) is { } differ
            ? Suspend(arrival, proof, differ)
            : new Payment
            {
                Id = arrival.Id,
                Notice = arrival.Notice,
                Decision = arrival.Routing,
                Sequence = sequence,
                ReceivedAt = arrival.ReceivedAt,
                Proof = proof,
                Mode = arrival.Mode,
            };
    }

    /// <summary>What becomes of a payment that belongs to nobody yet, or whose account went away since it was routed.</summary>
    /// <param name="arrival">The payment.</param>
    /// <param name="proof">Where its proof is kept.</param>
    /// <param name="why">What went wrong after the routing; null when the routing itself found nobody.</param>
    public static Payment Suspend(Arrival arrival, ProofLink proof, RuleFinding? why)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        var routing = arrival.Routing;
        return new Payment
        {
            Id = arrival.Id,
            Notice = arrival.Notice,
            Decision = why is null ? routing : routing with { AccountId = null, Trace = [.. routing.Trace, why] },
            ReceivedAt = arrival.ReceivedAt,
            Proof = proof,
            Mode = arrival.Mode,
        };
    }

    /// <summary>Decides whether a payment may leave suspense for this account.</summary>
    /// <param name="order">The operator's order.</param>
    /// <param name="suspended">The payment as it is kept; null when there is none with that id.</param>
    /// <param name="sequence">The number that the account gives next.</param>
    public Outcome<TakenPayment> Assign(AssignmentOrder order, Payment? suspended, long sequence)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (suspended is null) return new Refusal("payment-unknown", $"There is no payment {order.PaymentId}.");
        if (suspended.Assignment is { } earlier)
        {
            return earlier.AccountId == State.Id && earlier.ReferenceId == order.ReferenceId
                ? new TakenPayment(suspended, Replayed: true)
                : new Refusal("payment-not-in-suspense", $"The payment was assigned to account {earlier.AccountId} before.");
        }

        if (suspended.AccountId is { } owner) return new Refusal("payment-not-in-suspense", $"The payment belongs to account {owner}.");
        if (Modes.Differ(suspended.Mode, State.Id, State.Mode) is { Detail: { } why }) return Refusal.Of("account_id", "mode-differs", why);
        if (State.Archived) return Refusal.Of("account_id", "account-archived", $"Account {State.Id} is archived.");
        if (order.Elsewhere.Count > 0)
            return Refusal.Of(
                "reference_id", "reference-elsewhere",
                $"Reference '{order.ReferenceId}' is registered by {string.Join(", ", order.Elsewhere)}, not by {State.Id}.");

        var assignment = new Assignment(order.PaymentId, State.Id, order.ReferenceId, sequence, order.Reason, order.By, order.At);
        return new TakenPayment(suspended with { Sequence = sequence, Assignment = assignment }, Replayed: false);
    }

    /// <summary>What stands in suspense for a payment that is taken from its account: the same money, as far as it is left.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="id">The id of what stands for it.</param>
    /// <param name="left">What is left of it.</param>
    /// <param name="at">When.</param>
    public static Payment Unlink(Payment payment, Guid id, Money left, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return new Payment
        {
            Id = id,
            Notice = payment.Notice with { Amount = left },
            Decision = new RoutingDecision(null, null, [new RuleFinding(Payment.UnlinkedRule, Verdict.Unknown, $"Unlinked: it stands for payment {payment.Id}.")]),
            ReceivedAt = at,
            Proof = payment.Proof,
            Mode = payment.Mode,
        };
    }

    /// <summary>The deliveries that a taken payment makes due: one for each destination that is told of such.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="ids">Makes the ids of those that don't follow from the payment: they are of now, however long ago the payment came.</param>
    /// <param name="now">When they are due.</param>
    /// <param name="due">They are added here.</param>
    /// <param name="woken">The lanes that have work now are added here; those that are paused are not.</param>
    public void Announce(Payment payment, Ids ids, DateTimeOffset now, ICollection<Delivery> due, ISet<long>? woken = null)
    {
        ArgumentNullException.ThrowIfNull(payment);
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(due);
        var follows = payment.Assignment is null;
        var key = payment.ReferenceId is { } reference ? Account.Canonical(reference) : null;
        foreach (var destination in State.Destinations)
        {
            if (!destination.Filter.Takes(payment)) continue;
            var id = follows ? DeliveryId.Of(payment.Id, destination.Lane) : ids.Next();
            due.Add(new Delivery(id, destination.Lane, payment.Id, State.Id, payment.Sequence!.Value, now) { OrderKey = key, Follows = follows });
            if (!destination.Paused) woken?.Add(destination.Lane);
        }
    }

    /// <summary>The deliveries that a reversal makes due: one for each destination that is told of such. It waits for its payment's, as of one reference.</summary>
    /// <param name="reversal">The reversal, with the account's number.</param>
    /// <param name="payment">What it takes back.</param>
    /// <param name="ids">Makes their ids.</param>
    /// <param name="now">When they are due.</param>
    /// <param name="due">They are added here.</param>
    /// <param name="woken">The lanes that have work now are added here; those that are paused are not.</param>
    public void Announce(Reversal reversal, Payment payment, Ids ids, DateTimeOffset now, ICollection<Delivery> due, ISet<long> woken)
    {
        ArgumentNullException.ThrowIfNull(reversal);
        ArgumentNullException.ThrowIfNull(payment);
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(due);
        ArgumentNullException.ThrowIfNull(woken);
        var key = payment.ReferenceId is { } reference ? Account.Canonical(reference) : null;
        foreach (var destination in State.Destinations)
        {
            if (!destination.Filter.Takes(payment, EventTypes.Reversed)) continue;
            due.Add(new Delivery(ids.Next(), destination.Lane, payment.Id, State.Id, reversal.Sequence!.Value, now) { OrderKey = key, ReversalId = reversal.Id });
            if (!destination.Paused) woken.Add(destination.Lane);
        }
    }

    /// <summary>Decides what a repeat of a payment gets: the first answer again, or a refusal that names what differs.</summary>
    public static Outcome<TakenPayment> Repeat(PaymentNotice repeat, Payment earlier)
    {
        ArgumentNullException.ThrowIfNull(repeat);
        ArgumentNullException.ThrowIfNull(earlier);
        var differences = repeat.DifferencesFrom(earlier.Notice);
        if (differences.Count == 0) return new TakenPayment(earlier, Replayed: true);

        return new Refusal(
            "payment-differs",
            $"{repeat.Psp} already sent {repeat.PspReference} as payment {earlier.Id} with another {string.Join(", ", differences)}. A payment is never changed; use a new psp_reference for new money.",
            [.. differences.Select(field => new FieldFault(field, "differs", $"Differs from payment {earlier.Id}."))]);
    }
}
