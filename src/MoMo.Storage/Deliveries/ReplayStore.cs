using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>
/// Sends many deliveries again: counts them first, then makes them due in batches, as work on the agenda, so that a silo that dies in between is
/// followed by another. What is created after the question is not touched.
/// </summary>
/// <param name="database">Connects as the runtime role.</param>
/// <param name="ids">Makes the ids of replays.</param>
/// <param name="clock">Tells the time.</param>
public sealed class ReplayStore(NpgsqlDataSource database, Ids ids, TimeProvider clock)
{
    /// <summary>Kind of agenda row that a replay has; its key is its id.</summary>
    public const string AgendaKind = "replay";

    /// <summary>Deliveries that one batch makes due.</summary>
    public const int BatchMax = 500;

    /// <summary>Replays of one account that may be under way, and such of all accounts together.</summary>
    public const int RunningMax = 10;

    private static readonly TimeSpan BatchPause = TimeSpan.FromSeconds(1);

    private const string Columns = "r.id, r.total, r.replayed, r.account_id, r.finished_at";

    /// <summary>How many deliveries a filter is about, and when the first and the last were created.</summary>
    /// <returns>The count, or <c>list-too-wide</c>.</returns>
    public async Task<Outcome<ReplayRecord>> CountAsync(DeliveryFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var list = Conditions(filter);
        var counted = await BoundedList.ReadAsync(
            database,
            Sql.Command(
                $"""
                SELECT count(*), min(d.created_at), max(d.created_at), count(*) FILTER (WHERE t.paused)
                FROM delivery_rows d JOIN destinations t ON t.lane = d.lane WHERE true {list.Where}
                """,
                [.. list.Parameters]),
            rows => new ReplayRecord(null, rows.GetInt64(0), 0, rows.TimeOrNull(1), rows.TimeOrNull(2), filter.AccountId, null) { Paused = rows.GetInt64(3) },
            cancellation);
        return counted.Accepted is { } one ? one[0] : counted.Refused!;
    }

    /// <summary>Begins a replay.</summary>
    /// <param name="filter">Which; its state is dead or delivered.</param>
    /// <param name="by">Name of the key that asked.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>It, or <c>list-too-wide</c>, <c>replays-full</c>, <c>destination-unknown</c>.</returns>
    public async Task<Outcome<ReplayRecord>> BeginAsync(DeliveryFilter filter, string by, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var now = clock.GetUtcNow();
        var bounded = filter with { To = filter.To is { } to && to < now ? to : now };
        var counted = await CountAsync(bounded, cancellation);
        if (counted.Accepted is not { } count) return counted;
        var id = ids.Next();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await RunningAsync(connection, filter.AccountId, cancellation) >= RunningMax)
            return new Refusal("replays-full", $"{RunningMax} replays are under way, the most that {(filter.AccountId is { } account ? $"account '{account}'" : "all accounts together")} may have.");
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO replays (id, account_id, lane, state, cause, since, until, asked_by, created_at, total)
            SELECT $1, $2, t.lane, $4, $5, $6, $7, $8, $9, $10 FROM (SELECT) one LEFT JOIN destinations t ON t.account_id = $2 AND t.id = $3
            WHERE $3 IS NULL OR t.lane IS NOT NULL
            """,
            connection).With(
            Sql.Of(id), Sql.Text(filter.AccountId), Sql.Text(filter.DestinationId), Sql.Of(filter.State!), Sql.Text(filter.Cause), Sql.Time(filter.From),
            Sql.Time(bounded.To), Sql.Of(by), Sql.Time(now), Sql.Of(count.Total));
        // A destination that was removed in this moment must not leave a replay to all of the account's.
        if (await insert.ExecuteNonQueryAsync(cancellation) == 0) return Unknown.Destination(filter.AccountId!, filter.DestinationId!);
        await Agenda.SetAsync(connection, AgendaKind, id.ToString(), now, cancellation);
        await transaction.CommitAsync(cancellation);
        return count with { Id = id };
    }

    /// <summary>How far a replay is; null when there is none.</summary>
    public Task<ReplayRecord?> FindAsync(Guid id, CancellationToken cancellation) => database.FindAsync(
        $"SELECT {Columns} FROM replays r WHERE r.id = $1",
        rows => new ReplayRecord(rows.GetGuid(0), rows.GetInt64(1), rows.GetInt64(2), null, null, rows.TextOrNull(3), rows.TimeOrNull(4)),
        cancellation, Sql.Of(id));

    /// <summary>Ends a replay where it is; a batch that is under way is waited for. Nothing, when it has finished.</summary>
    public async Task StopAsync(Guid id, CancellationToken cancellation)
    {
        // Whoever claims it next finds it finished, and takes it off the agenda.
        await using var stop = database.CreateCommand("UPDATE replays SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL")
            .With(Sql.Of(id), Sql.Time(clock.GetUtcNow()));
        await stop.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Makes the next batch of a claimed replay due, and says when the one after it is.</summary>
    /// <returns>How many were made due.</returns>
    public async Task<int> StepAsync(AgendaItem item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        var (id, now) = (Guid.Parse(item.Key), clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await NextAsync(connection, id, cancellation) is not { Length: > 0 } next)
        {
            await using var finish = new NpgsqlCommand("UPDATE replays SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL", connection)
                .With(Sql.Of(id), Sql.Time(now));
            await finish.ExecuteNonQueryAsync(cancellation);
            if (!await Agenda.ReleaseAsync(connection, item, null, cancellation)) return 0;
            await Agenda.RemoveAsync(connection, AgendaKind, item.Key, cancellation);
            await transaction.CommitAsync(cancellation);
            return 0;
        }

        // The heads first, in their order, as everybody who makes a lane due. One that somebody sent again since it was chosen may have arrived meanwhile.
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command(
            """
            SELECT FROM account_heads WHERE account_id IN (SELECT account_id FROM delivery_rows WHERE id = ANY($1)) ORDER BY account_id FOR UPDATE
            """,
            Sql.Of(next)));
        batch.BatchCommands.Add(Sql.Command(
            $"""
            WITH again AS ({DeliveryStore.Again("d.id = ANY($1) AND d.state = (SELECT state FROM replays WHERE id = $4)", "$2")}),
            kept AS ({DeliveryStore.KeepFirst}),
            woken AS (
                UPDATE agenda g SET due_at = least(g.due_at, $2) FROM (SELECT DISTINCT lane FROM again) l
                JOIN destinations t ON t.lane = l.lane AND NOT t.paused WHERE g.kind = 'lane' AND g.key = l.lane::text)
            UPDATE replays SET replayed = replayed + (SELECT count(*) FROM again), cursor = $3 WHERE id = $4
            """,
            Sql.Of(next), Sql.Time(now), Sql.Of(next[^1]), Sql.Of(id)));
        await batch.ExecuteNonQueryAsync(cancellation);
        if (!await Agenda.ReleaseAsync(connection, item, now + BatchPause, cancellation)) return 0; // another silo claimed it since
        await transaction.CommitAsync(cancellation);
        return next.Length;
    }

    /// <summary>Replays that are under way; nobody begins another before the caller's transaction ends.</summary>
    private static async Task<long> RunningAsync(NpgsqlConnection connection, string? account, CancellationToken cancellation)
    {
        await using var alone = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection).With(Sql.Of(Locks.Replays));
        await alone.ExecuteNonQueryAsync(cancellation);
        await using var count = new NpgsqlCommand(
            """
            SELECT count(*) FROM agenda g JOIN replays r ON r.id = g.key::uuid
            WHERE g.kind = $1 AND g.due_at < 'infinity' AND r.account_id IS NOT DISTINCT FROM $2
            """,
            connection).With(Sql.Of(AgendaKind), Sql.Text(account));
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<Guid[]> NextAsync(NpgsqlConnection connection, Guid replay, CancellationToken cancellation)
    {
        DeliveryFilter? filter = null;
        long? lane = null;
        Guid? cursor = null;
        await using (var command = new NpgsqlCommand(
            "SELECT account_id, lane, state, cause, since, until, cursor FROM replays WHERE id = $1 AND finished_at IS NULL FOR UPDATE", connection).With(Sql.Of(replay)))
        {
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            if (!await rows.ReadAsync(cancellation)) return [];
            filter = new DeliveryFilter
            {
                AccountId = rows.TextOrNull(0), State = rows.GetString(2), Cause = rows.TextOrNull(3), From = rows.TimeOrNull(4), To = rows.TimeOrNull(5),
            };
            lane = rows.IsDBNull(1) ? null : rows.GetInt64(1);
            cursor = rows.IsDBNull(6) ? null : rows.GetGuid(6);
        }

        var list = Conditions(filter);
        if (lane is { } one) list.And("d.lane = {0}", Sql.Of(one));
        if (cursor is { } last) list.And("d.id > {0}", Sql.Of(last));
        list.And("true ORDER BY d.id LIMIT {0}", Sql.Of(BatchMax));
        await using var next = new NpgsqlCommand($"SELECT d.id FROM delivery_rows d JOIN destinations t ON t.lane = d.lane WHERE true {list.Where}", connection);
        next.Parameters.AddRange(list.Parameters.ToArray());
        await using var found = await next.ExecuteReaderAsync(cancellation);
        List<Guid> ids = [];
        while (await found.ReadAsync(cancellation)) ids.Add(found.GetGuid(0));
        return [.. ids];
    }

    private static DeliveryList Conditions(DeliveryFilter filter)
    {
        var list = DeliveryList.Of(filter, removed: false);
        return filter.AccountId is { } account ? list.And("d.account_id = {0}", Sql.Of(account)) : list;
    }
}
