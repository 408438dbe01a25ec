using System.Globalization;
using MoMo.Domain.Deliveries;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>The lanes in PostgreSQL: one agenda row each, however much waits in it.</summary>
/// <param name="database">Connects as the runtime role.</param>
/// <param name="clock">Tells what is due.</param>
/// <param name="unseal">Opens a destination's stored secret: purpose, sealed text.</param>
public sealed class LaneStore(NpgsqlDataSource database, TimeProvider clock, Func<string, string, string> unseal) : ILanes
{
    private readonly Agenda agenda = new(database);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LaneLease>> ClaimAsync(int max, TimeSpan lease, CancellationToken cancellation)
    {
        var claimed = await agenda.ClaimAsync("lane", max, lease, clock.GetUtcNow(), cancellation);
        return [.. claimed.Select(item => Lease(item.Key, item.Lease))];
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> NextAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT min(due_at) FROM agenda WHERE kind = 'lane' AND due_at > $1 AND due_at < $2")
            .With(Sql.Time(clock.GetUtcNow()), Sql.Time(before));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return rows.TimeOrNull(0);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<LaneLease>> RenewAsync(IReadOnlyCollection<LaneLease> leases, TimeSpan lease, CancellationToken cancellation)
    {
        var held = leases.Select(one => (Key(one.Lane), one.Number)).ToArray();
        var renewed = await agenda.RenewAsync("lane", held, clock.GetUtcNow() + lease, cancellation);
        return [.. renewed.Select(one => Lease(one.Key, one.Lease))];
    }

    /// <inheritdoc/>
    public async Task<LaneDestination?> FindAsync(long lane, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(LaneRow.Select).With(Sql.Of(lane), Sql.Time(clock.GetUtcNow()));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? LaneRow.Read(rows, lane, unseal) : null;
    }

    /// <inheritdoc/>
    public async Task<DuePage> DueAsync(long lane, DeliveryOrder order, int max, HeldDeliveries held, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(held);
        var page = Math.Max(max / 2, 1);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        while (true)
        {
            // Each round that finds nothing has put off a page, or passed a window, so the rounds end with the backlog.
            var found = await DueQuery.ReadAsync(connection, lane, order, page, held, clock.GetUtcNow(), cancellation);
            if (found.Page.Deliveries.Count > 0) return found.Page;
            // All that were seen have their rows now, but those that the caller has.
            if (found.PutOff) held = held with { Reached = Math.Max(held.Reached, found.Seen) };
            else if (found.Horizon is { } horizon) held = held with { Reached = horizon };
            else return DuePage.Empty;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(LaneLease lease, long written, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN"));
        batch.BatchCommands.Add(LockHead(lease.Lane));

        // A turn that adds a delivery holds the head too, so the next statement sees all that was added before us, and who comes after us sees the
        // lane asleep and wakes it. For the same reason there is nothing without a row up to the head's number when none is found. What is beyond one
        // window is taken for one, and looked at without the head. What comes first is asked as whoever looks for what is due asks it, by number and id:
        // news of adapters all have the same number.
        batch.BatchCommands.Add(Sql.Command(
            $"""
            WITH bounds AS MATERIALIZED ({UnwrittenDeliveries.Bounds("$5")}),
            unwritten AS MATERIALIZED (
                SELECT sequence FROM ({UnwrittenDeliveries.Select("p.sequence", "$5", "1", UnwrittenDeliveries.Within("$5"))}) first
                UNION ALL SELECT until + 1 FROM bounds WHERE head > until ORDER BY sequence LIMIT 1),
            marked AS (
                UPDATE lane_marks m SET mark = n.mark FROM (
                    SELECT coalesce((SELECT sequence - 1 FROM unwritten), (SELECT head FROM bounds)) AS mark) n
                WHERE m.lane = $1 AND m.mark < n.mark),
            released AS (
                UPDATE agenda a SET due_at = n.next, leased_until = CASE WHEN n.next <= $3 THEN a.leased_until ELSE '-infinity' END
                FROM (
                    SELECT CASE WHEN (SELECT ordering FROM destinations WHERE lane = $1) = 'account'
                        THEN coalesce((SELECT CASE WHEN waits THEN due_at ELSE $3 END FROM (
                            {First("waits")}
                            UNION ALL
                            {First("NOT waits")}
                            UNION ALL
                            SELECT false, $3, sequence, NULL FROM unwritten
                            ) first ORDER BY sequence, id LIMIT 1), 'infinity')
                        WHEN EXISTS (SELECT FROM unwritten)
                            OR (SELECT true FROM delivery_rows WHERE lane = $1 AND state = 'pending' AND NOT waits ORDER BY sequence LIMIT 1) IS TRUE THEN $3
                        ELSE coalesce((SELECT min(due_at) FROM delivery_rows WHERE lane = $1 AND state = 'pending' AND waits), 'infinity') END AS next) n
                WHERE a.kind = 'lane' AND a.key = $2 AND a.lease = $4 RETURNING n.next),
            forgotten AS (
                UPDATE lane_states s SET failing_since = NULL FROM released r
                WHERE s.lane = $1 AND r.next = 'infinity' AND s.failing_since IS NOT NULL)
            SELECT next > $3 FROM released
            """,
            Sql.Of(lease.Lane),
            Sql.Of(Key(lease.Lane)),
            Sql.Time(clock.GetUtcNow()),
            Sql.Of(lease.Number),
            Sql.Of(written)));
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        return !await rows.ReadAsync(cancellation) || rows.GetBoolean(0);
    }

    /// <inheritdoc/>
    public async Task ParkAsync(LaneLease lease, bool again, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN"));

        // Whoever unpauses a destination holds the head too: it comes before us and is seen, or after us and wakes the lane.
        batch.BatchCommands.Add(LockHead(lease.Lane));
        batch.BatchCommands.Add(Sql.Command(
            """
            UPDATE agenda SET leased_until = '-infinity',
                due_at = CASE WHEN $4 OR EXISTS (SELECT FROM destinations WHERE lane = $3 AND NOT paused) THEN due_at ELSE 'infinity' END
            WHERE kind = 'lane' AND key = $1 AND lease = $2
            """,
            Sql.Of(Key(lease.Lane)),
            Sql.Of(lease.Number),
            Sql.Of(lease.Lane),
            Sql.Of(again)));
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> RestAsync(LaneLease lease, long version, DateTimeOffset? since, DateTimeOffset until, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN"));
        // Whoever asks for a delivery again holds the head as well: it is seen by the next statement, or sees the rest and ends it.
        batch.BatchCommands.Add(LockHead(lease.Lane));
        // The destination is locked: who is changing it just now is waited for, and who comes after us ends the rest.
        // Leased to nobody: whoever adds deliveries wakes the lane as ever, and finds it taken. The state knows it from a lease that is held.
        batch.BatchCommands.Add(Sql.Command(
            """
            WITH known AS MATERIALIZED (
                SELECT lane FROM destinations WHERE lane = $4 AND version = $5 AND NOT EXISTS (
                    SELECT FROM delivery_rows d WHERE d.lane = $4 AND d.state = 'pending' AND NOT d.waits AND d.attempts > 0 AND d.due_at >= $6)
                FOR SHARE),
            rested AS (
                UPDATE agenda a SET leased_until = $3, lease = lease + 1 FROM known WHERE a.kind = 'lane' AND a.key = $1 AND a.lease = $2
                RETURNING a.leased_until),
            kept AS (
                INSERT INTO lane_states (lane, rest_until) SELECT $4, leased_until FROM rested
                ON CONFLICT (lane) DO UPDATE SET rest_until = excluded.rest_until)
            SELECT EXISTS (SELECT FROM known)
            """,
            Sql.Of(Key(lease.Lane)), Sql.Of(lease.Number), Sql.Time(until), Sql.Of(lease.Lane), Sql.Of(version), Sql.Time(since)));
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation); // behind the head
        await rows.ReadAsync(cancellation);
        var rests = rows.GetBoolean(0);
        while (await rows.NextResultAsync(cancellation)) { } // it is committed
        return rests;
    }

    /// <inheritdoc/>
    public async Task KeepAsync(LaneLease lease, long version, LaneHealth health, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(health);
        await using var command = database.CreateCommand(
            """
            WITH known AS MATERIALIZED (SELECT lane FROM destinations WHERE lane = $1 AND version = $6 FOR SHARE)
            INSERT INTO lane_states (lane, failing_since, opened, recovering, open_since)
            SELECT lane, $2, $3, $4, CASE WHEN $3 > 0 THEN $5 END FROM known
            WHERE EXISTS (SELECT FROM agenda WHERE kind = 'lane' AND key = $7 AND lease = $8)
            ON CONFLICT (lane) DO UPDATE SET failing_since = excluded.failing_since, opened = excluded.opened, recovering = excluded.recovering,
                open_since = CASE WHEN $3 > 0 THEN coalesce(lane_states.open_since, $5) END
            """).With(
                Sql.Of(lease.Lane), Sql.Time(health.FailingSince), Sql.Of(health.Opened), Sql.Of(health.Recovering), Sql.Time(clock.GetUtcNow()),
                Sql.Of(version), Sql.Of(Key(lease.Lane)), Sql.Of(lease.Number));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> PauseAsync(long lane, long version, PauseReason reason, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN"));
        batch.BatchCommands.Add(LockHead(lane));
        batch.BatchCommands.Add(Sql.Command(
            """
            WITH paused AS (
                UPDATE destinations SET paused = true, paused_reason = $2, version = version + 1 WHERE lane = $1 AND NOT paused AND version = $3
                RETURNING account_id)
            UPDATE account_heads h SET version = h.version + 1 FROM paused WHERE h.account_id = paused.account_id
            RETURNING pg_notify('momo_changed', 'account:' || h.account_id)
            """,
            Sql.Of(lane),
            Sql.Of(DeliveryWords.Of(reason)),
            Sql.Of(version)));
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        return await batch.ExecuteNonQueryAsync(cancellation) > 0; // only the account's new version counts
    }

    /// <summary>The first pending one, by number and id. Those of its number alone are sorted, which of payments is one: a million may wait.</summary>
    private static string First(string condition) => $"""
        (SELECT waits, due_at, sequence, id FROM delivery_rows WHERE lane = $1 AND state = 'pending' AND {condition} AND sequence = (
            SELECT sequence FROM delivery_rows WHERE lane = $1 AND state = 'pending' AND {condition} ORDER BY sequence LIMIT 1) ORDER BY id LIMIT 1)
        """;

    /// <summary>Locks the head of the lane's account, as every turn does before it adds deliveries.</summary>
    internal static NpgsqlBatchCommand LockHead(long lane) => Sql.Command(
        "SELECT FROM account_heads WHERE account_id = (SELECT account_id FROM destinations WHERE lane = $1) FOR UPDATE", Sql.Of(lane));

    /// <summary>Ends a lane's rest, in the caller's transaction; a lease that a silo holds stays.</summary>
    /// <param name="lane">SQL that tells the lane.</param>
    /// <param name="parameters">Of this SQL.</param>
    internal static NpgsqlBatchCommand EndRest(string lane, params ReadOnlySpan<NpgsqlParameter> parameters) => Sql.Command(
        $"""
        UPDATE agenda g SET leased_until = '-infinity' FROM lane_states s
        WHERE s.lane = {lane} AND g.kind = 'lane' AND g.key = s.lane::text AND g.leased_until = s.rest_until
        """,
        parameters);

    /// <summary>The lane's key in the agenda.</summary>
    internal static string Key(long lane) => lane.ToString(CultureInfo.InvariantCulture);

    private static LaneLease Lease(string key, long number) => new(long.Parse(key, CultureInfo.InvariantCulture), number);
}
