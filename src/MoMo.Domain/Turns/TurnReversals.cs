using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;

namespace MoMo.Domain.Turns;

/// <summary>The reversals of a turn: those that it takes, those whose payment it takes, and those whose payment leaves suspense.</summary>
internal sealed class TurnReversals(TurnHeads heads)
{
    private readonly List<TakeReversal> takes = [];
    private readonly Dictionary<TakeReversal, Guid> originals = [];
    private readonly Dictionary<(string Psp, string Reference), Reversal> known = [];
    private readonly Dictionary<Guid, List<Reversal>> counted = []; // by payment
    private readonly List<Reversal> orphans = [];

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
        orphans.Clear();
    }

    public void Want(TakeReversal take)
    {
        take.Decision = null;
        takes.Add(take);
    }

    /// <summary>These came before their payments, of which the turn may take some.</summary>
    public void Orphaned(IReadOnlyList<Reversal> found) => orphans.AddRange(found);

    /// <summary>Finds what the turn's reversals take back; whose that is takes part in the turn.</summary>
    public async Task FindAsync(ITurnTransaction transaction, Dictionary<Guid, Payment> payments, CancellationToken cancellation)
    {
        foreach (var (place, payment) in await transaction.FindOriginalsAsync(takes, cancellation)) originals[takes[place]] = payment;
        Guid[] wanted = [.. originals.Values.Distinct()];
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
        if (orphans.Count == 0) return;
        foreach (var orphan in orphans.FindAll(one => one.Notice.Means(payment.Notice)))
        {
            orphans.Remove(orphan);
            Link(orphan, payment, facts);
        }
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
        var names = Names(facts.Payments);
        foreach (var take in takes)
        {
            if (known.TryGetValue(Key(take.Notice), out var first))
            {
                take.Decision = ReversalDecision.Repeat(take.Notice, first);
                continue;
            }

            var reversal = new Reversal { Id = take.Id, Notice = take.Notice, ReceivedAt = take.ReceivedAt, Proof = proof(take) };
            var id = originals.TryGetValue(take, out var earlier) ? earlier : Find(take.Notice, names);
            if (id is { } original && payments.GetValueOrDefault(now(original)) is { } payment) reversal = Place(reversal, payment, facts);
            known[Key(take.Notice)] = reversal;
            facts.Reversals.Add(reversal);
            take.Decision = new TakenReversal(reversal, Replayed: false);
        }
    }

    /// <summary>The hub's own of a payment whose account is part of the turn.</summary>
    public void Take(Reversal reversal, Payment payment, TurnFacts facts)
    {
        var placed = Place(reversal, payment, facts);
        known[Key(placed.Notice)] = placed;
        facts.Reversals.Add(placed);
    }

    /// <summary>What was taken back of a payment, in minor units; of those that were loaded.</summary>
    public long Reversed(Guid payment) => counted.TryGetValue(payment, out var all) ? all.Sum(one => one.Notice.Amount.MinorUnits) : 0;

    /// <summary>What this turn's own payments may be called by.</summary>
    private static Dictionary<(string Psp, string Name, bool EndToEnd), Payment> Names(List<Payment> taken)
    {
        Dictionary<(string, string, bool), Payment> names = [];
        foreach (var payment in taken)
        {
            names[(payment.Notice.Psp, payment.Notice.PspReference, false)] = payment;
            if (EndToEnd.Of(payment.Notice.Metadata) is { } id) names.TryAdd((payment.Notice.Psp, id, true), payment);
        }

        return names;
    }

    private static Guid? Find(ReversalNotice notice, Dictionary<(string Psp, string Name, bool EndToEnd), Payment> names)
    {
        if (notice.OriginalReference is { } reference && names.TryGetValue((notice.Psp, reference, false), out var original)) return original.Id;
        return notice.EndToEndId is { } id && names.TryGetValue((notice.Psp, id, true), out original) && notice.Means(original.Notice) ? original.Id : null;
    }

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
        if (!counted.TryGetValue(payment, out var all)) counted[payment] = all = [];
        all.Add(reversal);
    }

    private static (string Psp, string Reference) Key(ReversalNotice notice) => (notice.Psp, notice.PspReference);
}
