using System.Globalization;
using MoMo.Domain.Deliveries;
using MoMo.Storage.Journal;
using MoMo.Storage.Payments;
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
        return [.. claimed.Select(item => new LaneLease(long.Parse(item.Key, CultureInfo.InvariantCulture), item.Lease))];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<LaneLease>> RenewAsync(IReadOnlyCollection<LaneLease> leases, TimeSpan lease, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE agenda a SET leased_until = $3 FROM unnest($1, $2) AS g (key, lease)
            WHERE a.kind = 'lane' AND a.key = g.key AND a.lease = g.lease AND a.leased_until > '-infinity' RETURNING a.key, a.lease
            """);
        command.With(
            Sql.Of(leases.Select(one => Key(one.Lane)).ToArray()),
            Sql.Of(leases.Select(one => one.Number).ToArray()),
            Sql.Time(clock.GetUtcNow() + lease));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<LaneLease> renewed = [];
        while (await rows.ReadAsync(cancellation)) renewed.Add(new LaneLease(long.Parse(rows.GetString(0), CultureInfo.InvariantCulture), rows.GetInt64(1)));
        return renewed;
    }

    /// <inheritdoc/>
    public async Task<LaneDestination?> FindAsync(long lane, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT account_id, id, kind, url, secret, paused FROM destinations WHERE lane = $1");
        command.Parameters.Add(Sql.Of(lane));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation)) return null;
        var (account, id) = (rows.GetString(0), rows.GetString(1));
        var secret = WebhookSecret.Parse(unseal($"destination:{account}/{id}", rows.GetString(4)));
        return new LaneDestination(lane, account, rows.GetString(2), new Uri(rows.GetString(3)), [secret.Accepted!.Key.ToArray()], rows.GetBoolean(5));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DueDelivery>> DueAsync(long lane, int max, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH due AS MATERIALIZED (
                SELECT id, attempts, payment_id, due_at, sequence FROM deliveries
                WHERE lane = $1 AND state = 'pending' AND due_at <= $2 ORDER BY due_at, sequence LIMIT $3)
            {PaymentRow.SelectWith("due.id, due.attempts")} JOIN due ON due.payment_id = p.id ORDER BY due.due_at, due.sequence
            """);
        command.With(Sql.Of(lane), Sql.Time(clock.GetUtcNow()), Sql.Of(max));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<DueDelivery> due = [];
        while (await rows.ReadAsync(cancellation))
            due.Add(new DueDelivery(rows.GetGuid(PaymentRow.Columns), rows.GetInt32(PaymentRow.Columns + 1), PaymentRow.Read(rows)));
        return due;
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(LaneLease lease, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN"));
        batch.BatchCommands.Add(LockHead(lease.Lane));

        // A turn that adds a delivery holds the head too, so the next statement sees all that was added before us, and who comes after us sees the
        // lane asleep and wakes it.
        batch.BatchCommands.Add(Sql.Command(
            """
            UPDATE agenda a SET due_at = n.next, leased_until = CASE WHEN n.next <= $3 THEN a.leased_until ELSE '-infinity' END
            FROM (SELECT coalesce(min(due_at), 'infinity') AS next FROM deliveries WHERE lane = $1 AND state = 'pending') n
            WHERE a.kind = 'lane' AND a.key = $2 AND a.lease = $4 RETURNING n.next > $3
            """,
            Sql.Of(lease.Lane),
            Sql.Of(Key(lease.Lane)),
            Sql.Time(clock.GetUtcNow()),
            Sql.Of(lease.Number)));
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
    public async Task PauseAsync(long lane, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN"));
        batch.BatchCommands.Add(LockHead(lane));
        batch.BatchCommands.Add(Sql.Command(
            """
            WITH paused AS (
                UPDATE destinations SET paused = true, paused_reason = $2, version = version + 1 WHERE lane = $1 AND NOT paused RETURNING account_id)
            UPDATE account_heads h SET version = h.version + 1 FROM paused WHERE h.account_id = paused.account_id
            RETURNING pg_notify('momo_changed', 'account:' || h.account_id)
            """,
            Sql.Of(lane),
            Sql.Of(reason)));
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Locks the head of the lane's account, as every turn does before it adds deliveries.</summary>
    internal static NpgsqlBatchCommand LockHead(long lane) => Sql.Command(
        "SELECT FROM account_heads WHERE account_id = (SELECT account_id FROM destinations WHERE lane = $1) FOR UPDATE", Sql.Of(lane));

    /// <summary>The lane's key in the agenda.</summary>
    internal static string Key(long lane) => lane.ToString(CultureInfo.InvariantCulture);
}
