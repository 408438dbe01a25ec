using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;

namespace MoMo.Domain.Turns;

/// <summary>The reversals of a turn: those that it takes, those whose payment it takes, and those whose payment leaves suspense.</summary>
internal sealed class TurnReversals(TurnHeads heads)
{
    private readonly List<TakeReversal> takes = [];
    private readonly Dictionary<TakeReversal, Originals> originals = [];
    private readonly Dictionary<(string Psp, string Reference), Reversal> known = [];
    private readonly Dictionary<Guid, List<Reversal>> counted = []; // by payment
    private readonly Dictionary<Guid, List<Reversal>> early = []; // by payment

    /// <summary>The turn takes some.</summary>
    public bool Any => takes.Count > 0;

    /// <summary>Those that it takes.</summary>
    public IReadOnlyList<TakeReversal> Takes => takes;

    public void Clear()
    {
        takes.Clear();
        originals.Clear();
        known.Clear();
        counted.Clear();
        early.Clear();
    }

    public void Want(TakeReversal take)
    {
        take.Decision = null;
        takes.Add(take);
    }

    /// <summary>These came before their payments, and some may be of payments that the turn takes.</summary>
    public void Orphaned(IReadOnlyList<Reversal> found, IEnumerable<TakePayment> taken)
    {
        if (found.Count == 0) return;
        var names = new TurnNames(taken.Select(take => (take.Arrival.Id, take.Arrival.Notice)));
        foreach (var orphan in found)
        {
            if (names.Find(orphan.Notice, Originals.None) is { } payment) Add(early, payment, orphan);
        }
    }

    /// <summary>Finds what the turn's reversals take back; whose that is takes part in the turn.</summary>
    public async Task FindAsync(ITurnTransaction transaction, Dictionary<Guid, Payment> payments, CancellationToken cancellation)
    {
        foreach (var (place, found) in await transaction.FindOriginalsAsync(takes, cancellation)) originals[takes[place]] = found;
        Guid[] wanted = [.. originals.Values.SelectMany(found => found.Named is { } named ? new[] { named } : found.EndToEnd).Distinct()];
        if (wanted.Length > 0)
        {
            foreach (var payment in await transaction.FindPaymentsAsync(wanted, cancellation))
            {
                payments[payment.Id] = payment;
                if (payment.AccountId is { } account) heads.Want(account);
            }
        }

        await LoadAsync(transaction, wanted, cancellation);
    }

    /// <summary>Finds what was taken back of payments before.</summary>
    public async Task LoadAsync(ITurnTransaction transaction, IReadOnlyCollection<Guid> payments, CancellationToken cancellation)
    {
        foreach (var reversal in await transaction.FindReversalsAsync(payments, takes, cancellation))
        {
            if (known.TryAdd(Key(reversal.Notice), reversal)) Count(reversal);
        }
    }

    /// <summary>A payment was taken: whatever took it back before it came is its account's now.</summary>
    public void Join(Payment payment, TurnFacts facts)
    {
        if (!early.TryGetValue(payment.Id, out var waiting)) return;
        foreach (var orphan in waiting) Link(orphan, payment, facts);
    }

    /// <summary>A payment left suspense: whatever took it back goes along.</summary>
    public void GoAlong(Payment payment, TurnFacts facts)
    {
        if (!counted.Remove(payment.Id, out var waiting)) return;
        // They count again one after another, as they did.
        foreach (var reversal in waiting) Link(reversal, payment, facts);
    }

    /// <summary>Decides for the turn's own, after everything else: their payments may be of this same turn.</summary>
    /// <param name="payments">Those that the turn knows.</param>
    /// <param name="now">What stands for a payment that the turn unlinks.</param>
    /// <param name="proof">Where the proof of one is.</param>
    /// <param name="facts">What was decided is added here.</param>
    public void Decide(Dictionary<Guid, Payment> payments, Func<Guid, Guid> now, Func<TakeReversal, ProofLink> proof, TurnFacts facts)
    {
        if (takes.Count == 0) return;
        // What stands for another is found by that one: by its own id it would be one more payment of that name.
        var names = new TurnNames(facts.Payments.Where(payment => !payment.Stands).Select(payment => (payment.Id, payment.Notice)));
        foreach (var take in takes)
        {
            if (known.TryGetValue(Key(take.Notice), out var first))
            {
                take.Decision = ReversalDecision.Repeat(take.Notice, first);
                continue;
            }

            var reversal = new Reversal { Id = take.Id, Notice = take.Notice, ReceivedAt = take.ReceivedAt, Proof = proof(take) };
            if (names.Find(take.Notice, originals.GetValueOrDefault(take, Originals.None)) is { } original
                && payments.GetValueOrDefault(now(original)) is { } payment) reversal = Place(reversal, payment, facts);
            known[Key(take.Notice)] = reversal;
            facts.Reversals.Add(reversal);
            take.Decision = new TakenReversal(reversal, Replayed: false);
        }
    }

    /// <summary>The hub's own, of a payment whose account is part of the turn.</summary>
    public void Take(Reversal reversal, Payment payment, TurnFacts facts)
    {
        var placed = Place(reversal, payment, facts);
        // One that did not count would leave the money with the account, and in suspense as well.
        if (placed.Sequence is null) throw new InvalidOperationException($"Payment {payment.Id} can't be taken from its account: {placed.Status}.");
        known[Key(placed.Notice)] = placed;
        facts.Reversals.Add(placed);
    }

    /// <summary>What was taken back of a payment, in minor units; of those that were loaded.</summary>
    public long Reversed(Guid payment) => counted.TryGetValue(payment, out var all) ? all.Sum(one => one.Notice.Amount.MinorUnits) : 0;

    private void Link(Reversal reversal, Payment payment, TurnFacts facts)
    {
        var placed = Place(reversal, payment, facts);
        known[Key(placed.Notice)] = placed;
        facts.ReversalLinks.Add(new ReversalLink(placed.Id, payment.Id, placed.AccountId, placed.Sequence, placed.Held, facts.At));
    }

    private Reversal Place(Reversal reversal, Payment payment, TurnFacts facts)
    {
        var head = payment.AccountId is { } account ? heads[account] : null;
        var placed = ReversalDecision.Of(reversal, payment, Reversed(payment.Id), head?.Actor is null ? null : head.Sequence + 1);
        if (placed.Sequence is not null) heads.Advance(head!, head!.Actor!, placed, payment, facts);
        Count(placed);
        return placed;
    }

    private void Count(Reversal reversal)
    {
        if (reversal is not { Held: null, PaymentId: { } payment }) return;
        Add(counted, payment, reversal);
    }

    private static void Add(Dictionary<Guid, List<Reversal>> lists, Guid payment, Reversal reversal)
    {
        if (!lists.TryGetValue(payment, out var all)) lists[payment] = all = [];
        all.Add(reversal);
    }

    private static (string Psp, string Reference) Key(ReversalNotice notice) => (notice.Psp, notice.PspReference);
}
