using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;
using MoMo.Engine;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Payments;
using MoMo.Storage.Proofs;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>One run of an <see cref="AccountTurn"/>; its connection and buffers are used again by the next.</summary>
internal sealed class AccountTurnWork(NpgsqlDataSource database, Activations actors, Ids ids, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>How long a turn holds its claims while the turn before has not ended; that is far longer than a turn takes.</summary>
    private static readonly TimeSpan GiveWayAfter = TimeSpan.FromMilliseconds(500);

    private readonly List<TakePayment> takes = [];
    private readonly HashSet<AccountCommand> gone = [];
    private readonly List<AssignPayment> assigns = [];
    private readonly List<KeepProof> keeps = [];
    private readonly TurnHeads heads = new(actors, ids);
    private readonly Dictionary<TakePayment, Guid> repeats = [];
    private readonly Dictionary<Guid, Payment> earlier = [];
    private readonly HashSet<string> psps = new(StringComparer.Ordinal);
    private readonly TurnProofs proofs = new();
    private readonly TurnRecord record = new();
    private NpgsqlConnection? connection;
    private bool fenced;

    /// <summary>Lanes that have something new, once committed.</summary>
    public IReadOnlyCollection<long> WokenLanes => heads.WokenLanes;

    /// <summary>Whether the commit has been sent: from then on its outcome is only known when it is answered.</summary>
    public bool Committing { get; private set; }

    public async Task RunAsync(IReadOnlyList<AccountCommand> commands, TurnPlace place, CancellationToken cancellation)
    {
        Clear();
        foreach (var command in commands) Sort(command);
        connection ??= await database.OpenConnectionAsync(cancellation);

        // What needs no account is done while the turn before may still run.
        await place.BeforePrepared;
        await PrepareAsync(place, cancellation);
        place.Prepared();
        if (!await EndsSoonAsync(place))
        {
            // The turn before may be waiting for somebody who waits for a key that we claimed: a ring through our memory, which the database can't
            // see. Whoever holds claims and waits gives way.
            await RollbackAsync();
            await place.BeforeEnded;
            Clear();
            foreach (var command in commands) Sort(command);
            await PrepareAsync(place, cancellation);
        }

        if (gone.Count > 0)
        {
            await RunWithoutGonePspsAsync(commands, place, cancellation);
            return;
        }

        if (!fenced) await FenceAsync(cancellation);
        if (assigns.Count > 0) await LoadEarlierAsync(assigns.ConvertAll(assign => assign.Order.PaymentId), cancellation);
        await heads.LoadActorsAsync(connection, cancellation);

        // From here to the record nothing waits: the decisions are pure and synchronous, one after another for each account.
        // Repeats come last, because the payment that they repeat may be one of this turn.
        var now = clock.GetUtcNow();
        foreach (var command in commands) Decide(command, now);
        foreach (var (take, first) in repeats) take.Decision = AccountActor.Repeat(take.Arrival.Notice, earlier[first]);

        await using var batch = new NpgsqlBatch(connection);
        proofs.Add(batch);
        await record.AddAsync(batch, connection, cancellation);
        heads.Add(batch, now);
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        Committing = true;
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is { } open) await open.DisposeAsync();
        connection = null;
    }

    /// <summary>Claims the keys, finds what repeats, and packs the proofs.</summary>
    private async Task PrepareAsync(TurnPlace place, CancellationToken cancellation)
    {
        // With no turn in flight before it, the fence goes the same way: one round trip less for whoever waits.
        fenced = place.BeforeEnded.IsCompleted;
        var claimed = await ClaimAsync(fenced, cancellation);
        foreach (var take in takes)
        {
            if (!psps.Contains(take.Arrival.Notice.Psp)) gone.Add(take);
        }

        if (claimed < takes.Count) await FindRepeatsAsync(cancellation);
        if (repeats.Count > 0) await LoadEarlierAsync([.. repeats.Values], cancellation);
        if (keeps.Count > 0 || repeats.Count > 0)
        {
            byte[][] wanted = [.. keeps.Select(keep => keep.Proof.Sha256), .. repeats.Keys.Select(take => take.Arrival.Proof.Sha256)];
            await proofs.FindKeptAsync(connection!, wanted, cancellation);
        }

        Pack();
    }

    private async Task<bool> EndsSoonAsync(TurnPlace place)
    {
        if (place.BeforeEnded.IsCompleted) return true;
        using var enough = new CancellationTokenSource();
        var ended = await Task.WhenAny(place.BeforeEnded, Task.Delay(GiveWayAfter, clock, enough.Token)) == place.BeforeEnded;
        await enough.CancelAsync();
        return ended;
    }

    private async Task RollbackAsync()
    {
        await using var rollback = new NpgsqlCommand("ROLLBACK", connection);
        await rollback.ExecuteNonQueryAsync();
    }

    public void Clear()
    {
        takes.Clear();
        gone.Clear();
        assigns.Clear();
        keeps.Clear();
        heads.Clear();
        repeats.Clear();
        earlier.Clear();
        psps.Clear();
        Committing = false;
        fenced = false;
        proofs.Clear();
        record.Clear();
    }

    private void Sort(AccountCommand command)
    {
        if (command.AccountId is { } account) heads.Want(account);
        switch (command)
        {
            case TakePayment take:
                take.Decision = null;
                takes.Add(take);
                psps.Add(take.Arrival.Notice.Psp);
                break;
            case AssignPayment assign:
                assign.Decision = null;
                assigns.Add(assign);
                break;
            case KeepProof keep:
                keep.Decision = null;
                keeps.Add(keep);
                break;
            default:
                throw new InvalidOperationException($"No turn knows {command.GetType().Name}.");
        }
    }

    /// <summary>
    /// Claims the keys: half of a turn's work in the database, and no account is needed for it, so it is done while the turn before still runs.
    /// All silos claim in one order, and heads after keys: turns wait for each other, but never in a ring.
    /// </summary>
    /// <returns>How many keys are new.</returns>
    private async Task<int> ClaimAsync(bool fence, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN"));
        batch.BatchCommands.Add(Sql.Command("SELECT nextval('proof_packs_id_seq')"));
        // Shared by all turns; whoever deletes a PSP takes it alone. (A lock on the PSP's row would write a new multixact in every turn.)
        batch.BatchCommands.Add(Sql.Command($"SELECT pg_advisory_xact_lock_shared({Locks.Psps})"));
        batch.BatchCommands.Add(Sql.Command("SELECT id FROM psps WHERE id = ANY($1) AND NOT archived", Sql.Of(psps.ToArray())));
        NpgsqlBatchCommand? claim = null;
        if (takes.Count > 0)
        {
            takes.Sort(KeyOrder.Instance);
            claim = Sql.Command(
                """
                INSERT INTO payment_keys (psp_id, psp_reference, payment_id)
                SELECT * FROM unnest($1, $2, $3) ON CONFLICT DO NOTHING
                """,
                Sql.Of(takes.ConvertAll(take => take.Arrival.Notice.Psp).ToArray()),
                Sql.Of(takes.ConvertAll(take => take.Arrival.Notice.PspReference).ToArray()),
                Sql.Of(takes.ConvertAll(take => take.Arrival.Id).ToArray()));
            batch.BatchCommands.Add(claim);
        }

        if (fence && heads.Count > 0) batch.BatchCommands.Add(heads.Lock());
        await using (var rows = await batch.ExecuteReaderAsync(cancellation))
        {
            await rows.ReadAsync(cancellation);
            proofs.PackId = rows.GetInt64(0);
            await rows.NextResultAsync(cancellation);
            await rows.NextResultAsync(cancellation);
            psps.Clear();
            while (await rows.ReadAsync(cancellation)) psps.Add(rows.GetString(0));
            if (fence && heads.Count > 0)
            {
                await rows.NextResultAsync(cancellation);
                await heads.ReadAsync(rows, cancellation);
            }
        }

        return (int)(claim?.RecordsAffected ?? 0);
    }

    /// <summary>
    /// Gathers the messages that are to be kept: one for each new payment, those that made none, and repeats in other words than the first.
    /// </summary>
    private void Pack()
    {
        foreach (var take in takes)
        {
            if (repeats.TryGetValue(take, out var first)) PackRepeat(take, first);
            else if (take.Arrival.Proof.Kept is null) proofs.Add(take);
        }

        foreach (var keep in keeps) keep.Decision = proofs.Keep(keep);
        proofs.Close();
    }

    private void PackRepeat(TakePayment take, Guid first)
    {
        var (arrival, notice) = (take.Arrival, take.Arrival.Notice);
        var (sha256, told) = earlier.TryGetValue(first, out var known)
            ? (known.Proof.Sha256, known.Notice)
            : takes.Find(one => one.Arrival.Id == first) is { } twin ? (twin.Arrival.Proof.Sha256, twin.Arrival.Notice) : ([], notice);
        if (arrival.Proof.Kept is not null || sha256.AsSpan().SequenceEqual(arrival.Proof.Sha256)) return;
        var why = notice.DifferencesFrom(told).Count > 0 ? "payment-differs" : "repeat";
        proofs.Keep(arrival.Proof, notice.Psp, notice.Adapter, why, first, arrival.ReceivedAt);
    }

    private async Task FenceAsync(CancellationToken cancellation)
    {
        if (heads.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(heads.Lock());
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await heads.ReadAsync(rows, cancellation);
    }

    /// <summary>A PSP was deleted or archived between the look at the cache and the fence: its payments are refused, the others start anew.</summary>
    private async Task RunWithoutGonePspsAsync(IReadOnlyList<AccountCommand> commands, TurnPlace place, CancellationToken cancellation)
    {
        await RollbackAsync();
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
        await using var command = new NpgsqlCommand(
            """
            SELECT g.place, k.payment_id
            FROM unnest($1, $2, $3) WITH ORDINALITY AS g (psp_id, psp_reference, payment_id, place)
            JOIN payment_keys k USING (psp_id, psp_reference) WHERE k.payment_id <> g.payment_id
            """,
            connection)
        {
            Parameters =
            {
                Sql.Of(takes.ConvertAll(take => take.Arrival.Notice.Psp).ToArray()),
                Sql.Of(takes.ConvertAll(take => take.Arrival.Notice.PspReference).ToArray()),
                Sql.Of(takes.ConvertAll(take => take.Arrival.Id).ToArray()),
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) repeats[takes[(int)rows.GetInt64(0) - 1]] = rows.GetGuid(1);
    }

    private async Task LoadEarlierAsync(List<Guid> payments, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"{PaymentRow.Select} WHERE p.id = ANY($1)", connection) { Parameters = { Sql.Of(payments.ToArray()) } };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var payment = PaymentRow.Read(rows);
            earlier[payment.Id] = payment;
        }
    }

    private void Decide(AccountCommand command, DateTimeOffset now)
    {
        switch (command)
        {
            case TakePayment take when !repeats.ContainsKey(take):
                Take(take, now);
                break;
            case AssignPayment assign:
                Assign(assign, now);
                break;
        }
    }

    private void Take(TakePayment take, DateTimeOffset now)
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
            if (payment.Sequence is not null) heads.Advance(head, actor, payment, now, record.Deliveries);
        }

        record.Payments.Add(payment);
        if (repeats.Count > 0) earlier[payment.Id] = payment; // a repeat within this same turn looks here
        take.Decision = new TakenPayment(payment, Replayed: false);
    }

    private void Assign(AssignPayment assign, DateTimeOffset now)
    {
        var head = heads[assign.AccountId];
        if (head.Actor is not { } actor)
        {
            assign.Decision = Refusal.Of("account_id", "account-unknown", $"There is no account {assign.AccountId}.");
            return;
        }

        assign.Decision = actor.Assign(assign.Order, earlier.GetValueOrDefault(assign.Order.PaymentId), head.Sequence + 1);
        if (assign.Decision.Accepted is not { Replayed: false } taken) return;
        record.Assignments.Add(taken.Payment.Assignment!);
        earlier[taken.Payment.Id] = taken.Payment;
        heads.Advance(head, actor, taken.Payment, now, record.Deliveries);
    }
}
