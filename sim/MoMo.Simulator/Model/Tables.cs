using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;

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

    public Dictionary<long, byte[]> Packs { get; } = [];

    public Dictionary<string, ProofLink> Kept { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<Guid, DeliveryLine> Deliveries { get; } = [];

    public SortedDictionary<long, LaneLine> Lanes { get; } = [];

    /// <summary>A sequence of PostgreSQL: never rolled back.</summary>
    public long PackIds { get; set; }

    /// <summary>The payment as it is read: with its assignment.</summary>
    public Payment? Find(Guid id)
    {
        if (!Payments.TryGetValue(id, out var payment)) return null;
        return Assignments.TryGetValue(id, out var assignment) ? payment with { Sequence = assignment.Sequence, Assignment = assignment } : payment;
    }
}
