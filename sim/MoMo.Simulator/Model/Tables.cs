using MoMo.Domain.Adapters;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;

namespace MoMo.Simulator.Model;

/// <summary>What is committed.</summary>
internal sealed class Tables
{
    private readonly HashSet<Guid> standing = []; // for others

    public Dictionary<string, bool> Psps { get; } = new(StringComparer.Ordinal); // archived

    public SortedDictionary<string, AccountLine> Accounts { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<long, DestinationLine> Destinations { get; } = [];

    public Dictionary<string, List<string>> References { get; } = new(StringComparer.Ordinal); // owners

    public Dictionary<(string Psp, string Reference), Guid> Keys { get; } = [];

    public Dictionary<Guid, Payment> Payments { get; } = [];

    /// <summary>As <c>payments_sequence</c>.</summary>
    public Dictionary<(string Account, long Sequence), Guid> Numbers { get; } = [];

    public Dictionary<Guid, Assignment> Assignments { get; } = [];

    /// <summary>As the unique key of <c>assignments</c>.</summary>
    public Dictionary<(string Account, long Sequence), Guid> AssignedNumbers { get; } = [];

    /// <summary>By the original, as the unique key of <c>unlinkings</c>.</summary>
    public Dictionary<Guid, Unlinking> Unlinkings { get; } = [];

    /// <summary>As the unique key of <c>reversals</c>.</summary>
    public Dictionary<(string Psp, string Reference), Guid> ReversalKeys { get; } = [];

    /// <summary>As the unique keys of <c>reversal_links</c>.</summary>
    public HashSet<(Guid Reversal, bool PaymentOnly)> ReversalLinks { get; } = [];

    public Dictionary<long, byte[]> Packs { get; } = [];

    public Dictionary<string, ProofLink> Kept { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<Guid, DeliveryLine> Deliveries { get; } = [];

    public SortedDictionary<long, LaneLine> Lanes { get; } = [];

    public SortedDictionary<int, ReplayLine> Replays { get; } = [];

    /// <summary>How adapters are, as in <c>adapters</c>.</summary>
    public SortedDictionary<string, AdapterLiveness> Adapters { get; } = new(StringComparer.Ordinal);

    /// <summary>A sequence of PostgreSQL: never rolled back.</summary>
    public long PackIds { get; set; }

    /// <summary>Reversals as they are read: with what became known since.</summary>
    public SortedDictionary<Guid, Reversal> ReversalsNow { get; } = [];

    /// <summary>Those of them whose payment is not known.</summary>
    public SortedSet<Guid> Orphans { get; } = [];

    /// <summary>The reversal as it is read.</summary>
    public Reversal? FindReversal(Guid id) => ReversalsNow.GetValueOrDefault(id);

    /// <summary>Records a reversal.</summary>
    public void Add(Reversal reversal)
    {
        ReversalsNow.Add(reversal.Id, reversal);
        ReversalKeys.Add((reversal.Notice.Psp, reversal.Notice.PspReference), reversal.Id);
        if (reversal.PaymentId is null) Orphans.Add(reversal.Id);
    }

    /// <summary>Records what became known of one.</summary>
    public void Add(ReversalLink link)
    {
        ReversalLinks.Add((link.ReversalId, link.AccountId is null));
        var reversal = ReversalsNow[link.ReversalId];
        ReversalsNow[link.ReversalId] = reversal with
        {
            PaymentId = reversal.PaymentId ?? link.PaymentId, AccountId = link.AccountId, Sequence = link.Sequence, Held = reversal.Held ?? link.Held,
        };
        Orphans.Remove(link.ReversalId);
    }

    /// <summary>Whether a payment stands for another.</summary>
    public bool Stands(Guid payment) => standing.Contains(payment);

    /// <summary>Records how a payment was taken from its account.</summary>
    public void Add(Unlinking unlinking)
    {
        Unlinkings.Add(unlinking.OriginalId, unlinking);
        standing.Add(unlinking.PaymentId);
    }

    /// <summary>What stands for a payment now, as <c>payment_now</c>.</summary>
    public Guid Now(Guid payment)
    {
        while (Unlinkings.TryGetValue(payment, out var one)) payment = one.PaymentId;
        return payment;
    }

    /// <summary>The payment as it is read: with its assignment.</summary>
    public Payment? Find(Guid id)
    {
        if (!Payments.TryGetValue(id, out var payment)) return null;
        return Assignments.TryGetValue(id, out var assignment) ? payment with { Sequence = assignment.Sequence, Assignment = assignment } : payment;
    }
}
