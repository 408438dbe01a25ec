using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Questions;
using MoMo.Domain.Reversals;

namespace MoMo.Domain.Turns;

/// <summary>What the accounts of a turn decided, on its way to the store: all of it in one commit.</summary>
public sealed class TurnFacts
{
    /// <summary>When it was decided; deliveries are due from then on.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>New payments.</summary>
    public List<Payment> Payments { get; } = [];

    /// <summary>Payments that left suspense.</summary>
    public List<Assignment> Assignments { get; } = [];

    /// <summary>Payments that were taken from their accounts; what stands for them is among <see cref="Payments"/>.</summary>
    public List<Unlinking> Unlinkings { get; } = [];

    /// <summary>New reversals.</summary>
    public List<Reversal> Reversals { get; } = [];

    /// <summary>What became known of earlier reversals.</summary>
    public List<ReversalLink> ReversalLinks { get; } = [];

    /// <summary>Deliveries that become due.</summary>
    public List<Delivery> Deliveries { get; } = [];

    /// <summary>Accounts that gave out numbers, with the last number of each.</summary>
    public List<(string AccountId, long Sequence)> Advanced { get; } = [];

    /// <summary>Lanes that got something and are not paused.</summary>
    public HashSet<long> WokenLanes { get; } = [];

    /// <summary>The number of the turn's pack.</summary>
    public long PackId { get; set; }

    /// <summary>The messages that are kept, compressed; null for none. See <see cref="Proofs.ProofPack"/>.</summary>
    public byte[]? Pack { get; set; }

    /// <summary>Those of them that made no payment.</summary>
    public List<KeptMessage> Kept { get; } = [];

    /// <summary>What kept messages say that is no payment.</summary>
    public List<KeptNotice> Notices { get; } = [];

    /// <summary>What PSPs are to be asked because of kept messages.</summary>
    public List<NewQuestion> Questions { get; } = [];

    internal void Clear()
    {
        Payments.Clear();
        Assignments.Clear();
        Unlinkings.Clear();
        Reversals.Clear();
        ReversalLinks.Clear();
        Deliveries.Clear();
        Advanced.Clear();
        WokenLanes.Clear();
        Kept.Clear();
        Notices.Clear();
        Questions.Clear();
        Pack = null;
    }
}
