using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Routing;
using MoMo.Engine;

namespace MoMo.Domain.Turns;

/// <summary>One run of an <see cref="AccountTurn"/>; its connection and buffers are used again by the next.</summary>
internal sealed class AccountTurnWork : IAsyncDisposable
{
    /// <summary>How long a turn holds its claims while the turn before has not ended; that is far longer than a turn takes.</summary>
    private static readonly TimeSpan GiveWayAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>Payments that go from memory at most: beyond it the store's bulk way is cheaper in spite of its round trips.</summary>
    private const int FewMax = 200;

    private readonly ITurnTransaction transaction;
    private readonly TimeProvider clock;
    private readonly TurnCommands asked;
    private readonly HashSet<AccountCommand> gone = [];
    private readonly TurnHeads heads;
    private readonly TurnReversals reversals;
    private readonly TurnUnlinkings unlinkings;
    private readonly Dictionary<TakePayment, Guid> repeats = [];
    private readonly Dictionary<Guid, Payment> earlier = [];
    private readonly TurnProofs proofs = new();
    private readonly TurnFacts facts = new();
    private readonly MemoryTrust memory = new();
    private bool fenced;

    public AccountTurnWork(ITurnTransaction transaction, Activations actors, Ids ids, TimeProvider clock)
    {
        (this.transaction, this.clock) = (transaction, clock);
        heads = new TurnHeads(actors, ids);
        reversals = new TurnReversals(heads);
        unlinkings = new TurnUnlinkings(reversals);
        asked = new TurnCommands(heads, reversals, unlinkings);
    }

    /// <summary>Lanes that have something new, once committed.</summary>
    public IReadOnlyCollection<long> WokenLanes => facts.WokenLanes;

    /// <summary>What a fault in the run means for the turn.</summary>
    public Exception Explain(Exception fault) => transaction.Explain(fault);

    public async Task RunAsync(IReadOnlyList<AccountCommand> commands, TurnPlace place, CancellationToken cancellation)
    {
        Begin(commands);
        await place.BeforePrepared;
        if (await RunFromMemoryAsync(commands, place, cancellation)) return;

        // What needs no account is done while the turn before may still run.
        await PrepareAsync(place, cancellation);
        place.Prepared();
        if (!await Work.EndsWithinAsync(place.BeforeEnded, GiveWayAfter, clock, CancellationToken.None))
        {
            // The turn before may be waiting for somebody who waits for a key that we claimed: a ring through our memory, which the database can't
            // see. Whoever holds claims and waits gives way.
            await transaction.RollbackAsync();
            await place.BeforeEnded;
            Begin(commands);
            await PrepareAsync(place, cancellation);
        }

        if (gone.Count > 0)
        {
            await RunWithoutGonePspsAsync(commands, place, cancellation);
            return;
        }

        if (!fenced) await FenceAsync(cancellation);
        Guid[] moved = [.. asked.Assigns.Select(assign => assign.Order.PaymentId), .. unlinkings.Payments];
        if (moved.Length > 0) await LoadMovedAsync(moved, cancellation);
        await heads.LoadActorsAsync(transaction, cancellation);

        // From here to the record nothing waits: the decisions are pure and synchronous, one after another for each account.
        // Repeats come last, because the payment that they repeat may be one of this turn.
        facts.At = clock.GetUtcNow();
        foreach (var command in commands) Decide(command);
        reversals.Decide(earlier, unlinkings.Now, proofs.Of, facts);
        foreach (var (take, first) in repeats) take.Decision = AccountActor.Repeat(take.Arrival.Notice, earlier[first]);

        proofs.Add(facts);
        heads.Add(facts);
        await transaction.CommitAsync(facts, cancellation);
        heads.Keep();
    }

    public ValueTask DisposeAsync() => transaction.DisposeAsync();

    /// <summary>
    /// Most turns: few new payments, of accounts that this silo was the last to decide for. They are decided from memory, and the store records them in
    /// one round trip if memory was right.
    /// </summary>
    /// <returns>Whether the turn is recorded; if not, nothing is, and it starts anew.</returns>
    private async Task<bool> RunFromMemoryAsync(IReadOnlyList<AccountCommand> commands, TurnPlace place, CancellationToken cancellation)
    {
        if (!place.BeforeEnded.IsCompleted || asked.Takes.Count < commands.Count || asked.Takes.Count > FewMax) return false;
        if (!memory.IsWorthTrying() || !heads.Remember()) return false;
        asked.Takes.Sort(KeyOrder.Instance);
        proofs.PackId = await transaction.NextPackAsync(cancellation);
        Pack();
        facts.At = clock.GetUtcNow();
        foreach (var command in commands) Decide(command);
        facts.Payments.Sort(KeyOrder.Instance);
        proofs.Add(facts);
        heads.Add(facts);
        if (await transaction.RecordAsync(facts, heads.Moved(), cancellation))
        {
            heads.Keep();
            memory.Right();
            return true;
        }

        memory.Wrong();
        Begin(commands);
        return false;
    }

    /// <summary>Claims the keys, finds what repeats, and packs the proofs.</summary>
    private async Task PrepareAsync(TurnPlace place, CancellationToken cancellation)
    {
        // With no turn in flight before it, the fence goes the same way: one round trip less for whoever waits. Of reversals nobody knows yet whose
        // they are.
        fenced = place.BeforeEnded.IsCompleted && !reversals.Any;
        if (reversals.Any) await transaction.BeginAloneAsync(cancellation);
        asked.Takes.Sort(KeyOrder.Instance);
        var claims = await transaction.BeginAsync(asked.Takes, asked.Psps, fenced ? heads.Accounts : [], cancellation);
        if (claims.Orphans.Count > 0 && !reversals.Any)
        {
            // Another turn may be taking a payment that the same reversal speaks of: only one after the other do they see which is the one that it means.
            await transaction.RollbackAsync();
            await transaction.BeginAloneAsync(cancellation);
            claims = await transaction.BeginAsync(asked.Takes, asked.Psps, fenced ? heads.Accounts : [], cancellation);
        }

        proofs.PackId = claims.PackId;
        heads.Fenced(claims.Fenced);
        foreach (var take in asked.Takes)
        {
            if (!claims.Psps.Contains(take.Arrival.Notice.Psp)) gone.Add(take);
        }

        if (claims.NewKeys < asked.Takes.Count) await FindRepeatsAsync(cancellation);
        reversals.Orphaned(claims.Orphans, asked.Takes.Where(take => !repeats.ContainsKey(take)));
        if (repeats.Count > 0) await LoadEarlierAsync([.. repeats.Values], cancellation);
        if (reversals.Any) await reversals.FindAsync(transaction, earlier, cancellation);
        if (asked.Keeps.Count > 0 || repeats.Count > 0 || reversals.Any || unlinkings.Orders.Count > 0)
        {
            byte[][] wanted =
            [
                .. asked.Keeps.Select(keep => keep.Proof.Sha256), .. repeats.Keys.Select(take => take.Arrival.Proof.Sha256),
                .. reversals.Takes.Select(take => take.Proof.Sha256), .. unlinkings.Orders.Select(unlink => unlink.Order.Proof.Sha256),
            ];
            await proofs.FindKeptAsync(transaction, wanted, cancellation);
        }

        Pack();
    }

    public void Clear()
    {
        asked.Clear();
        gone.Clear();
        heads.Clear();
        reversals.Clear();
        unlinkings.Clear();
        repeats.Clear();
        earlier.Clear();
        fenced = false;
        proofs.Clear();
        facts.Clear();
    }

    private void Begin(IReadOnlyList<AccountCommand> commands)
    {
        Clear();
        foreach (var command in commands) asked.Add(command);
    }

    /// <summary>
    /// Gathers the messages that are to be kept: one for each new payment, those that made none, and repeats in other words than the first.
    /// </summary>
    private void Pack()
    {
        foreach (var take in asked.Takes)
        {
            if (repeats.TryGetValue(take, out var first)) PackRepeat(take, first);
            else if (take.Arrival.Proof.Kept is null) proofs.Add(take);
        }

        foreach (var keep in asked.Keeps) keep.Decision = proofs.Keep(keep);
        foreach (var take in reversals.Takes) proofs.Add(take);
        foreach (var unlink in unlinkings.Orders) proofs.Add(unlink);
        proofs.Close();
    }

    private void PackRepeat(TakePayment take, Guid first)
    {
        var (arrival, notice) = (take.Arrival, take.Arrival.Notice);
        var (sha256, told) = earlier.TryGetValue(first, out var known)
            ? (known.Proof.Sha256, known.Notice)
            : asked.Takes.Find(one => one.Arrival.Id == first) is { } twin ? (twin.Arrival.Proof.Sha256, twin.Arrival.Notice) : ([], notice);
        if (arrival.Proof.Kept is not null || sha256.AsSpan().SequenceEqual(arrival.Proof.Sha256)) return;
        var why = notice.DifferencesFrom(told).Count > 0 ? "payment-differs" : "repeat";
        proofs.Keep(arrival.Proof, notice.Psp, notice.Adapter, why, first, arrival.ReceivedAt);
    }

    private async Task FenceAsync(CancellationToken cancellation)
    {
        if (heads.Accounts.Count > 0) heads.Fenced(await transaction.FenceAsync(heads.Accounts, cancellation));
    }

    /// <summary>A PSP was deleted or archived between the look at the cache and the fence: its payments are refused, the others start anew.</summary>
    private async Task RunWithoutGonePspsAsync(IReadOnlyList<AccountCommand> commands, TurnPlace place, CancellationToken cancellation)
    {
        await transaction.RollbackAsync();
        List<AccountCommand> others = [];
        foreach (var command in commands)
        {
            if (command is TakePayment take && gone.Contains(take))
                take.Decision = Refusal.Of("psp", "psp-unknown", $"There is no PSP {take.Arrival.Notice.Psp} (any more).");
            else
                others.Add(command);
        }

        if (others.Count > 0) await RunAsync(others, place, cancellation);
    }

    private async Task FindRepeatsAsync(CancellationToken cancellation)
    {
        foreach (var (place, first) in await transaction.FindRepeatsAsync(asked.Takes, cancellation)) repeats[asked.Takes[place]] = first;
    }

    private async Task LoadEarlierAsync(IReadOnlyCollection<Guid> payments, CancellationToken cancellation)
    {
        foreach (var payment in await transaction.FindPaymentsAsync(payments, cancellation)) earlier[payment.Id] = payment;
    }

    /// <summary>Payments that may leave suspense or go back there, with what was taken back of them before.</summary>
    private async Task LoadMovedAsync(Guid[] payments, CancellationToken cancellation)
    {
        await LoadEarlierAsync(payments, cancellation);
        await reversals.LoadAsync(transaction, payments, cancellation);
        if (unlinkings.Orders.Count > 0) await unlinkings.LoadAsync(transaction, cancellation);
    }

    private void Decide(AccountCommand command)
    {
        switch (command)
        {
            case TakePayment take when !repeats.ContainsKey(take):
                Take(take);
                break;
            case AssignPayment assign:
                Assign(assign);
                break;
            case UnlinkPayment unlink:
                if (unlinkings.Decide(unlink, earlier.GetValueOrDefault(unlink.Order.PaymentId), proofs.Of(unlink), facts) is { } rest)
                    earlier[rest.Id] = rest;
                break;
        }
    }

    private void Take(TakePayment take)
    {
        var arrival = take.Arrival;
        var proof = arrival.Proof.Kept ?? proofs.Of(take);
        var head = arrival.Routing.AccountId is { } id ? heads[id] : null;
        Payment payment;
        if (head is null)
        {
            payment = AccountActor.Suspend(arrival, proof, null);
        }
        else if (head.Actor is not { } actor)
        {
            payment = AccountActor.Suspend(arrival, proof, new RuleFinding("account", Verdict.Unknown, $"There is no account {arrival.Routing.AccountId} any more."));
        }
        else
        {
            payment = actor.Take(arrival, head.Sequence + 1, proof);
            if (payment.Sequence is not null) heads.Advance(head, actor, payment, facts);
        }

        facts.Payments.Add(payment);
        reversals.Join(payment, facts);
        if (repeats.Count > 0 || reversals.Any) earlier[payment.Id] = payment; // what speaks of it within this same turn looks here
        take.Decision = new TakenPayment(payment, Replayed: false);
    }

    private void Assign(AssignPayment assign)
    {
        var head = heads[assign.AccountId];
        if (head.Actor is not { } actor)
        {
            assign.Decision = Refusal.Of("account_id", "account-unknown", $"There is no account {assign.AccountId}.");
            return;
        }

        assign.Decision = actor.Assign(assign.Order, earlier.GetValueOrDefault(assign.Order.PaymentId), head.Sequence + 1);
        if (assign.Decision.Accepted is not { Replayed: false } taken) return;
        facts.Assignments.Add(taken.Payment.Assignment!);
        earlier[taken.Payment.Id] = taken.Payment;
        heads.Advance(head, actor, taken.Payment, facts);
        reversals.GoAlong(taken.Payment, facts);
    }
}
