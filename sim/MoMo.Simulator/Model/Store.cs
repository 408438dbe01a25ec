using MoMo.Domain.Turns;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.Model;

/// <summary>
/// A model of what our SQL promises: unique keys, row locks, transactions that take effect at once or not at all. It is held to the same suite of
/// specifications as the store on PostgreSQL.
/// </summary>
internal sealed class Store
{
    private readonly List<Session> sessions = [];

    public Store(Loop loop, int number)
    {
        Process = new Process(loop, "store", number);
        Locks = new LockTable(new VirtualClock(loop, Process));
        Reversals = new SharedLock(new VirtualClock(loop, Process));
    }

    /// <summary>Where statements are served; it outlives every client.</summary>
    public Process Process { get; }

    public Tables Tables { get; } = new();

    public LockTable Locks { get; }

    /// <summary>Shared by turns; one that takes reversals holds it alone.</summary>
    public SharedLock Reversals { get; }

    public StoreDefects Defects { get; } = new();

    /// <summary>Told of every turn in the moment of its commit.</summary>
    public Action<TurnFacts> Recorded { get; set; } = _ => { };

    /// <summary>Told of every delivery in the moment in which an attempt is recorded: its state before.</summary>
    public Action<DeliveryLine, string> Tried { get; set; } = (_, _) => { };

    /// <summary>Told when somebody changes a lane's lease: the lane, the number of the lease he holds, the one that counts.</summary>
    public Action<long, long, long> Held { get; set; } = (_, _, _) => { };

    /// <summary>Told of every replay in the moment in which it begins.</summary>
    public Action<ReplayLine> Replaying { get; set; } = _ => { };

    /// <summary>Told when a person makes a delivery ready again: its state and the begin of its schedule before, and the replay if it is one.</summary>
    public Action<DeliveryLine, string, int, ReplayLine?> Again { get; set; } = (_, _, _, _) => { };

    public Session Connect(Process client)
    {
        var session = new Session(client);
        sessions.Add(session);
        return session;
    }

    /// <summary>Rolls back what is open and lets all locks go.</summary>
    public void End(Session session)
    {
        session.Keys.Clear();
        session.IsOpen = false;
        Locks.Release(session);
        Reversals.Release(session);
    }

    /// <summary>The connection is gone.</summary>
    public void Break(Session session)
    {
        if (session.IsBroken) return;
        session.IsBroken = true;
        sessions.Remove(session);
        End(session);
    }

    /// <summary>All connections of a client, or of everybody, are gone.</summary>
    public void BreakAll(Process? client)
    {
        foreach (var session in sessions.FindAll(one => client is null || one.Client == client)) Break(session);
    }

    /// <summary>Applies a turn in one moment.</summary>
    /// <exception cref="ModelFault">A unique key is taken; nothing was applied.</exception>
    public void Commit(Session session, TurnFacts facts)
    {
        if (!Defects.SequencesNotUnique) CheckNumbers(facts);
        foreach (var (key, id) in session.Keys) Tables.Keys[key] = id;
        foreach (var payment in facts.Payments)
        {
            Tables.Payments.Add(payment.Id, payment);
            if (payment.Sequence is { } number) Tables.Numbers[(payment.Decision.AccountId!, number)] = payment.Id;
        }

        foreach (var assignment in facts.Assignments)
        {
            Tables.Assignments[assignment.PaymentId] = assignment;
            Tables.AssignedNumbers[(assignment.AccountId, assignment.Sequence)] = assignment.PaymentId;
        }

        foreach (var unlinking in facts.Unlinkings) Tables.Add(unlinking);
        foreach (var reversal in facts.Reversals) Tables.Add(reversal);
        foreach (var link in facts.ReversalLinks) Tables.Add(link);
        if (facts.Pack is { } pack) Tables.Packs.Add(facts.PackId, pack);
        foreach (var kept in facts.Kept) Tables.Kept.TryAdd(Convert.ToHexString(kept.Link.Sha256), kept.Link);
        foreach (var delivery in facts.Deliveries) Tables.Deliveries.Add(delivery.Id, new DeliveryLine { Delivery = delivery, DueAt = delivery.DueAt });
        foreach (var (account, sequence) in facts.Advanced) Tables.Accounts[account].Sequence = sequence;
        foreach (var lane in facts.WokenLanes)
        {
            if (Tables.Lanes.TryGetValue(lane, out var line) && line.DueAt > facts.At) line.DueAt = facts.At;
        }

        Recorded(facts);
        End(session);
    }

    /// <summary>Makes a delivery ready again, at the place of its number; the schedule begins anew.</summary>
    public void SendAgain(DeliveryLine line, DateTimeOffset now, ReplayLine? replay = null)
    {
        var (before, round) = (line.State, line.RoundStart);
        (line.State, line.DueAt, line.Waits, line.RoundStart) = ("pending", now, false, line.Attempts);
        Again(line, before, round, replay);
    }

    private void CheckNumbers(TurnFacts facts)
    {
        var taken = facts.Payments.Exists(one => Tables.Payments.ContainsKey(one.Id)
                || (one.Sequence is { } number && Tables.Numbers.ContainsKey((one.Decision.AccountId!, number))))
            || facts.Assignments.Exists(one => Tables.Assignments.ContainsKey(one.PaymentId) || Tables.AssignedNumbers.ContainsKey((one.AccountId, one.Sequence)));
        taken |= facts.Reversals.Exists(one => Tables.ReversalKeys.ContainsKey((one.Notice.Psp, one.Notice.PspReference)))
            || facts.ReversalLinks.Exists(one => Tables.ReversalLinks.Contains((one.ReversalId, one.AccountId is null)));
        taken |= facts.Unlinkings.Exists(one => Tables.Unlinkings.ContainsKey(one.OriginalId));
        if (taken) throw new ModelFault(ModelFaultKind.Unique);
    }
}
