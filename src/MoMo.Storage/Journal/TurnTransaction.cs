using System.Data;
using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Storage.Payments;
using MoMo.Storage.Reversals;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>
/// A turn's transactions in PostgreSQL, on a connection that is kept for the next turn. One round trip for a turn that
/// memory was right about, two for another small one, six for a large one, and one commit, however many payments.
/// </summary>
/// <param name="database">Connects as the runtime role.</param>
/// <param name="clock">Tells for how long a connection was silent.</param>
public sealed class TurnTransaction(NpgsqlDataSource database, TimeProvider clock) : ITurnTransaction
{
    /// <summary>
    /// A connection that was silent for longer may have been cut meanwhile. Whoever commits with the first word on it would not know what became of the
    /// turn; so something is asked first that may be asked again on another connection.
    /// </summary>
    private static readonly TimeSpan SurelyOpen = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Until the end of the transaction. Of lists whose length it does not know the planner thinks that a plan for each turn pays, and makes three, which
    /// is a quarter of what PostgreSQL has to do in a small turn. A plan that was made while a table was small must not read all of it when it has grown.
    /// </summary>
    private const string PlannedOnce = "set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

    /// <summary>How long the wait for all turns in flight may be: longer than the largest turns take.</summary>
    private const int AloneWaitMilliseconds = 1_000;

    private readonly TurnRecord record = new();
    private NpgsqlConnection? connection;
    private bool begun; // before the others
    private long? nextPack; // a number that no pack has yet
    private long answeredAt;
    private bool committing; // from then on the outcome is only known when it is answered

    /// <inheritdoc/>
    public async Task BeginAloneAsync(CancellationToken cancellation)
    {
        (committing, begun) = (false, false);
        await using var batch = new NpgsqlBatch(await ConnectAsync(cancellation));
        batch.BatchCommands.Add(Sql.Command("BEGIN"));
        // All turns that come after us wait for us: behind one that is stuck, they must not wait for as long as we would for a row.
        batch.BatchCommands.Add(Sql.Command($"SET LOCAL lock_timeout = {AloneWaitMilliseconds}"));
        batch.BatchCommands.Add(Sql.Command($"SELECT pg_advisory_xact_lock({Locks.Reversals})"));
        batch.BatchCommands.Add(Sql.Command("SET LOCAL lock_timeout TO DEFAULT"));
        await batch.ExecuteNonQueryAsync(cancellation);
        begun = true;
    }

    /// <inheritdoc/>
    public async ValueTask<long> NextPackAsync(CancellationToken cancellation)
    {
        committing = false;
        if (nextPack is { } known && connection is { State: ConnectionState.Open } && clock.GetElapsedTime(answeredAt) < SurelyOpen) return known;
        await using var command = new NpgsqlCommand("SELECT nextval('proof_packs_id_seq')", await ConnectAsync(cancellation));
        var next = (long)(await command.ExecuteScalarAsync(cancellation))!;
        (nextPack, answeredAt) = (next, clock.GetTimestamp());
        return next;
    }

    /// <inheritdoc/>
    public async Task<bool> RecordAsync(TurnFacts facts, IReadOnlyList<MovedAccount> moved, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(moved);
        await using var command = TurnRecord.Take(facts, moved);
        command.Connection = await ConnectAsync(cancellation);
        committing = true;
        nextPack = null;
        try
        {
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            await rows.ReadAsync(cancellation);
            var taken = rows.GetBoolean(0);
            (nextPack, answeredAt) = (taken ? rows.GetInt64(1) : facts.PackId, clock.GetTimestamp());
            return taken;
        }
        catch (PostgresException) when (connection is { State: ConnectionState.Open })
        {
            // When the data is refused before the call is made, the driver takes the statement for prepared without knowing that it answers.
            connection.UnprepareAll();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<TurnClaims> BeginAsync(
        IReadOnlyList<TakePayment> takes, IReadOnlyCollection<string> psps, IReadOnlyCollection<string> fence, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(takes);
        ArgumentNullException.ThrowIfNull(fence);
        committing = false;
        // What was begun is lost with its connection: on another one the rest would be a transaction of its own.
        await using var batch = new NpgsqlBatch(begun ? connection : await ConnectAsync(cancellation));
        if (!begun) batch.BatchCommands.Add(Sql.Command("BEGIN"));
        begun = false;
        // Shared by all turns; whoever deletes a PSP takes it alone. (A lock on the PSP's row would write a new multixact in every turn.)
        batch.BatchCommands.Add(Sql.Command(
            $"SELECT nextval('proof_packs_id_seq'), pg_advisory_xact_lock_shared({Locks.Reversals}), pg_advisory_xact_lock_shared({Locks.Psps}), {PlannedOnce}"));
        batch.BatchCommands.Add(Sql.Command("SELECT id FROM psps WHERE id = ANY($1) AND NOT archived", Sql.Of(psps.ToArray())));
        NpgsqlBatchCommand? claim = null;
        if (takes.Count > 0)
        {
            claim = Sql.Command(
                """
                INSERT INTO payment_keys (psp_id, psp_reference, payment_id)
                SELECT * FROM unnest($1, $2, $3) ON CONFLICT DO NOTHING
                """,
                Keys(takes));
            batch.BatchCommands.Add(claim);
            batch.BatchCommands.Add(Orphans(takes));
        }

        if (fence.Count > 0) batch.BatchCommands.Add(Lock(fence));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var pack = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation);
        HashSet<string> known = new(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation)) known.Add(rows.GetString(0));
        List<Reversal> orphans = [];
        if (takes.Count > 0)
        {
            await rows.NextResultAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) orphans.Add(ReversalRow.Read(rows, 0));
        }

        IReadOnlyList<FencedAccount> fenced = [];
        if (fence.Count > 0)
        {
            await rows.NextResultAsync(cancellation);
            fenced = await ReadAsync(rows, fence.Count, cancellation);
        }

        await rows.CloseAsync(); // only then every command tells how many rows it made
        return new TurnClaims(pack, known, (int)(claim?.RecordsAffected ?? 0), fenced) { Orphans = orphans };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FencedAccount>> FenceAsync(IReadOnlyCollection<string> accounts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Lock(accounts));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        return await ReadAsync(rows, accounts.Count, cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<int, Guid>> FindRepeatsAsync(IReadOnlyList<TakePayment> takes, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT g.place, k.payment_id
            FROM unnest($1, $2, $3) WITH ORDINALITY AS g (psp_id, psp_reference, payment_id, place)
            JOIN payment_keys k USING (psp_id, psp_reference) WHERE k.payment_id <> g.payment_id
            """,
            connection).With(Keys(takes));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        Dictionary<int, Guid> repeats = [];
        while (await rows.ReadAsync(cancellation)) repeats[(int)rows.GetInt64(0) - 1] = rows.GetGuid(1);
        return repeats;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Payment>> FindPaymentsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"{PaymentRow.Select} WHERE p.id = ANY($1)", connection).With(Sql.Of(ids.ToArray()));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<Payment> payments = [];
        while (await rows.ReadAsync(cancellation)) payments.Add(PaymentRow.Read(rows));
        return payments;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ProofLink>> FindKeptAsync(IReadOnlyCollection<byte[]> sha256, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT sha256, pack, position FROM kept_messages WHERE sha256 = ANY($1)", connection)
            .With(Sql.Of(sha256.ToArray()));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<ProofLink> kept = [];
        while (await rows.ReadAsync(cancellation)) kept.Add(new ProofLink(rows.GetFieldValue<byte[]>(0), rows.GetInt64(1), rows.GetInt32(2), null));
        return kept;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Unlinking>> FindUnlinkingsAsync(IReadOnlyCollection<Guid> payments, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(payments);
        await using var command = new NpgsqlCommand($"{UnlinkingRow.Select} WHERE original_id = ANY($1)", connection).With(Sql.Of(payments.ToArray()));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<Unlinking> found = [];
        while (await rows.ReadAsync(cancellation)) found.Add(UnlinkingRow.Read(rows));
        return found;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<int, Originals>> FindOriginalsAsync(IReadOnlyList<TakeReversal> takes, CancellationToken cancellation) =>
        ReversalQueries.FindOriginalsAsync(connection!, takes, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Reversal>> FindReversalsAsync(
        IReadOnlyCollection<Guid> payments, IReadOnlyList<TakeReversal> takes, CancellationToken cancellation) =>
        ReversalQueries.FindAsync(connection!, payments, takes, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Account>> LoadAccountsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        AccountLoader.LoadAsync(connection!, [.. ids], cancellation);

    /// <inheritdoc/>
    public async Task CommitAsync(TurnFacts facts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(facts);
        await using var batch = new NpgsqlBatch(connection);
        await record.AddAsync(facts, batch, connection!, cancellation);
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        committing = true;
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <inheritdoc/>
    public async Task RollbackAsync()
    {
        await using var rollback = new NpgsqlCommand("ROLLBACK", connection);
        await rollback.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public Exception Explain(Exception fault) =>
        TurnFault.Explain(fault, mayRepeat: !committing, isCut: connection is { State: not ConnectionState.Open });

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (connection is { } open) await open.DisposeAsync();
        connection = null;
    }

    private async ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellation)
    {
        // While nobody used it, the driver may have found it cut.
        if (connection is { State: not ConnectionState.Open }) await DisposeAsync();
        return connection ??= await database.OpenConnectionAsync(cancellation);
    }

    private static NpgsqlBatchCommand Orphans(IReadOnlyList<TakePayment> takes) => Sql.Command(
        ReversalRow.Orphans, [.. Keys(takes)[..2], .. ReversalRow.EndToEndIds(takes.Select(take => take.Arrival.Notice))]);

    private static NpgsqlBatchCommand Lock(IReadOnlyCollection<string> accounts) => Sql.Command(
        "SELECT account_id, sequence, version FROM account_heads WHERE account_id = ANY($1) ORDER BY account_id FOR UPDATE",
        Sql.Of(accounts.ToArray()));

    private static async Task<IReadOnlyList<FencedAccount>> ReadAsync(NpgsqlDataReader rows, int count, CancellationToken cancellation)
    {
        List<FencedAccount> found = new(count);
        while (await rows.ReadAsync(cancellation)) found.Add(new FencedAccount(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2)));
        return found;
    }

    private static NpgsqlParameter[] Keys(IReadOnlyList<TakePayment> takes)
    {
        var (psps, references, ids) = (new string[takes.Count], new string[takes.Count], new Guid[takes.Count]);
        for (var place = 0; place < takes.Count; place++)
        {
            var arrival = takes[place].Arrival;
            (psps[place], references[place], ids[place]) = (arrival.Notice.Psp, arrival.Notice.PspReference, arrival.Id);
        }

        return [Sql.Of(psps), Sql.Of(references), Sql.Of(ids)];
    }
}
