using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;

namespace MoMo.Simulator.Model;

/// <summary>What is committed.</summary>
internal sealed class Tables
{
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

    public SortedDictionary<Guid, Reversal> Reversals { get; } = [];

    public List<ReversalLink> ReversalLinks { get; } = [];

    public Dictionary<long, byte[]> Packs { get; } = [];

    public Dictionary<string, ProofLink> Kept { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<Guid, DeliveryLine> Deliveries { get; } = [];

    public SortedDictionary<long, LaneLine> Lanes { get; } = [];

    /// <summary>A sequence of PostgreSQL: never rolled back.</summary>
    public long PackIds { get; set; }

    /// <summary>Reversals as they are read: with what became known since.</summary>
    public IEnumerable<Reversal> ReversalsNow() => Reversals.Keys.Select(id => FindReversal(id)!);

    /// <summary>The reversal as it is read.</summary>
    public Reversal? FindReversal(Guid id)
    {
        if (!Reversals.TryGetValue(id, out var reversal)) return null;
        foreach (var link in ReversalLinks.FindAll(one => one.ReversalId == id).OrderBy(one => one.AccountId is not null))
        {
            reversal = reversal with
            {
                PaymentId = reversal.PaymentId ?? link.PaymentId, AccountId = link.AccountId, Sequence = link.Sequence, Held = reversal.Held ?? link.Held,
            };
        }

        return reversal;
    }

    /// <summary>The payment as it is read: with its assignment.</summary>
    public Payment? Find(Guid id)
    {
        if (!Payments.TryGetValue(id, out var payment)) return null;
        return Assignments.TryGetValue(id, out var assignment) ? payment with { Sequence = assignment.Sequence, Assignment = assignment } : payment;
    }
}
