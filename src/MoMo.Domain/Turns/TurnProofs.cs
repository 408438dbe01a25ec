using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Questions;
using MoMo.Domain.Reversals;

namespace MoMo.Domain.Turns;

/// <summary>The messages that a turn keeps, all in one pack.</summary>
internal sealed class TurnProofs
{
    private readonly ProofPack pack = new();
    private readonly Dictionary<TakePayment, ProofLink> links = [];
    private readonly Dictionary<TakeReversal, ProofLink> reversals = [];
    private readonly Dictionary<UnlinkPayment, ProofLink> unlinks = [];
    private readonly List<KeptMessage> kept = [];
    private readonly Dictionary<string, ProofLink> keptBefore = [];
    private readonly List<KeptNotice> notices = [];
    private readonly List<NewQuestion> questions = [];
    private byte[]? packed;

    /// <summary>The number of the turn's pack.</summary>
    public long PackId { get; set; }

    public void Clear()
    {
        pack.Clear();
        links.Clear();
        reversals.Clear();
        unlinks.Clear();
        kept.Clear();
        keptBefore.Clear();
        notices.Clear();
        questions.Clear();
        packed = null;
    }

    /// <summary>Keeps the message of a new payment.</summary>
    public void Add(TakePayment take) => links[take] = Add(take.Arrival.Proof);

    /// <summary>Where the message of a new payment is kept.</summary>
    public ProofLink Of(TakePayment take) => links[take];

    /// <summary>Keeps the message of a reversal, once: it may tell of several.</summary>
    public void Add(TakeReversal take) => reversals[take] = take.Proof.Kept
        ?? Keep(take.Proof, take.Notice.Psp, take.Notice.Adapter, "reversal", null, take.ReceivedAt);

    /// <summary>Where the message of a reversal is kept.</summary>
    public ProofLink Of(TakeReversal take) => reversals[take];

    /// <summary>Keeps the order that unlinks a payment.</summary>
    public void Add(UnlinkPayment unlink) => unlinks[unlink] = Keep(unlink.Order.Proof, null, null, "unlink", unlink.Order.PaymentId, unlink.Order.At);

    /// <summary>Where the order that unlinks a payment is kept.</summary>
    public ProofLink Of(UnlinkPayment unlink) => unlinks[unlink];

    /// <summary>Finds out which messages were kept before.</summary>
    public async Task FindKeptAsync(ITurnTransaction transaction, byte[][] wanted, CancellationToken cancellation)
    {
        foreach (var link in await transaction.FindKeptAsync(wanted, cancellation)) keptBefore[Convert.ToHexString(link.Sha256)] = link;
    }

    /// <summary>Keeps a message that makes no payment of its own, once.</summary>
    public ProofLink Keep(Proof proof, string? psp, string? adapter, string why, Guid? payment, DateTimeOffset receivedAt)
    {
        var name = Convert.ToHexString(proof.Sha256);
        if (keptBefore.TryGetValue(name, out var before)) return before;
        var link = Add(proof);
        kept.Add(new KeptMessage(link, psp, adapter, why, payment, receivedAt));
        keptBefore[name] = link;
        return link;
    }

    /// <summary>Keeps a message for what it says, though it is no payment.</summary>
    public ProofLink Keep(KeepProof keep)
    {
        var link = Keep(keep.Proof, keep.Psp, keep.Adapter, keep.Why, null, keep.ReceivedAt);
        foreach (var notice in keep.Notices) notices.Add(new KeptNotice(keep.Proof.Sha256, keep.Adapter ?? "", notice, keep.ReceivedAt));
        questions.AddRange(keep.Questions);
        return link;
    }

    /// <summary>Compresses the pack: costly, so it is done while the turn before may still run.</summary>
    public void Close()
    {
        if (pack.Count > 0) packed = pack.ToBytes();
    }

    /// <summary>What is kept.</summary>
    public void Add(TurnFacts facts)
    {
        (facts.PackId, facts.Pack) = (PackId, packed);
        facts.Kept.AddRange(kept);
        facts.Notices.AddRange(notices);
        facts.Questions.AddRange(questions);
    }

    private ProofLink Add(Proof proof) => new(proof.Sha256, PackId, pack.Add(proof.Envelope, proof.Body.Span), null);
}
