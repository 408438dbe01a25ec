using System.Text;
using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Routing;
using MoMo.Domain.Turns;
using MoMo.Engine;

namespace MoMo.Tests.Specs;

/// <summary>A store with the PSP <c>psp</c>, the archived PSP <c>old</c>, the accounts a0 and a1, and one destination of a0.</summary>
public abstract class StoreUnderTest
{
    private readonly ProofPack pack = new();

    /// <summary>A turn's way to the store.</summary>
    public abstract ITurnTransaction Open();

    public abstract ILanes Lanes { get; }

    public abstract ITurn<RecordAttempt> Attempts { get; }

    /// <summary>The lane of a0's destination.</summary>
    public abstract long Lane { get; }

    public abstract DateTimeOffset Now { get; }

    public abstract void Advance(TimeSpan time);

    /// <summary>An operator pauses the destination, or lets it go on.</summary>
    public abstract Task PauseAsync(bool paused);

    /// <summary>An operator sends a delivery again.</summary>
    public abstract Task RetryAsync(Guid delivery);

    /// <summary>An operator sends again all of the lane that arrived, or all that are dead.</summary>
    /// <returns>How many it is about.</returns>
    public abstract Task<long> ReplayAsync(string state);

    /// <summary>The next batch of each replay that is due.</summary>
    public abstract Task StepReplaysAsync();

    /// <summary>Ids of the store's own time: lists by time go by them.</summary>
    public Ids Ids => field ??= new Ids(new Clock(this), new Random(1));

    public TakePayment Take(string? account, string reference)
    {
        var notice = new PaymentNotice { Psp = "psp", PspReference = reference, Amount = new Money(1_000, Currency.Find("KES")!), AccountId = account };
        var finding = new RuleFinding("account", account is null ? Verdict.Unknown : Verdict.Found, null, account);
        var received = new DateTimeOffset(Now.UtcTicks / 10 * 10, TimeSpan.Zero);
        var proof = Proof.OfMessage(Encoding.UTF8.GetBytes($"{reference} {Ids.Next()}"), "{}");
        return new TakePayment(new Arrival(Ids.Next(), notice, new RoutingDecision(account, null, [finding]), proof, received));
    }

    public TakeReversal Reverse(string reference, string original)
    {
        var notice = new ReversalNotice { Psp = "psp", PspReference = reference, OriginalReference = original, Amount = new Money(400, Currency.Find("KES")!) };
        var received = new DateTimeOffset(Now.UtcTicks / 10 * 10, TimeSpan.Zero);
        return new TakeReversal(Ids.Next(), notice, Proof.OfMessage(Encoding.UTF8.GetBytes($"{reference} {Ids.Next()}"), "{}"), received, null);
    }

    /// <summary>The facts of a reversal whose payment is not known.</summary>
    public TurnFacts Facts(TurnClaims claims, TakeReversal take)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(take);
        pack.Clear();
        var place = pack.Add(take.Proof.Envelope, take.Proof.Body.Span);
        var facts = new TurnFacts { At = Now, PackId = claims.PackId, Pack = pack.ToBytes() };
        facts.Reversals.Add(new Reversal
        {
            Id = take.Id, Notice = take.Notice, ReceivedAt = take.ReceivedAt, Proof = new ProofLink(take.Proof.Sha256, claims.PackId, place, null),
        });
        return facts;
    }

    /// <summary>The facts of a payment that an account takes with a number.</summary>
    public TurnFacts Facts(TurnClaims claims, TakePayment take, long? sequence, bool deliver = false)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(take);
        var arrival = take.Arrival;
        pack.Clear();
        var place = pack.Add(arrival.Proof.Envelope, arrival.Proof.Body.Span);
        var facts = new TurnFacts { At = Now, PackId = claims.PackId, Pack = pack.ToBytes() };
        var payment = new Payment
        {
            Id = arrival.Id, Notice = arrival.Notice, Decision = arrival.Routing, Sequence = sequence, ReceivedAt = arrival.ReceivedAt,
            Proof = new ProofLink(arrival.Proof.Sha256, claims.PackId, place, null),
        };
        facts.Payments.Add(payment);
        if (sequence is { } number) facts.Advanced.Add((arrival.Routing.AccountId!, number));
        if (!deliver) return facts;
        facts.Deliveries.Add(new Delivery(DeliveryId.Of(payment.Id, Lane), Lane, payment.Id, "a0", sequence!.Value, Now) { Follows = true });
        facts.WokenLanes.Add(Lane);
        return facts;
    }

    /// <summary>Takes a payment in a transaction of its own.</summary>
    public async Task<TurnFacts> RecordAsync(string? account, string reference, bool deliver = false)
    {
        await using var transaction = Open();
        var take = Take(account, reference);
        var claims = await transaction.BeginAsync([take], ["psp"], account is null ? [] : [account], default);
        var facts = Facts(claims, take, account is null ? null : claims.Fenced[0].Sequence + 1, deliver);
        await transaction.CommitAsync(facts, default);
        return facts;
    }

    /// <summary>What a fault in a transaction means, as its turn is told.</summary>
    public static async Task<Exception> FaultAsync(ITurnTransaction transaction, Func<Task> ask)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(ask);
        try
        {
            await ask();
        }
        catch (Exception e)
        {
            return transaction.Explain(e);
        }

        throw new InvalidOperationException("It was expected to fail.");
    }

    private sealed class Clock(StoreUnderTest store) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => store.Now;
    }
}
