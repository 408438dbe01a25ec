using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Management;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Deliveries;

/// <summary>Reads deliveries, and makes one due again on an operator's word.</summary>
public sealed class DeliveryStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Deliveries that one statement brings forward at most, while their account waits.</summary>
    private const int BroughtMax = 1_000;

    private const string Columns = $"""
        d.id, d.payment_id, d.account_id, coalesce(t.id, (SELECT gone.id FROM removed_destinations gone WHERE t.id IS NULL AND gone.lane = d.lane)),
            d.sequence, d.state, d.attempts, d.due_at, d.created_at, d.attempted_at, d.delivered_at, d.last_status, d.last_error, d.cause, d.last_duration,
            t.id IS NULL,
            CASE WHEN d.payment_id IS NULL THEN '{EventTypes.AdapterState}' WHEN d.event_id IS NOT NULL THEN '{EventTypes.Reversed}'
                WHEN EXISTS (SELECT FROM assignments given WHERE given.payment_id = d.payment_id) THEN '{EventTypes.Assigned}' ELSE '{EventTypes.Accepted}' END
        """;

    private const string Destination = "LEFT JOIN destinations t ON t.lane = d.lane";

    private const string Select = $"SELECT {Columns} FROM delivery_rows d {Destination}";

    /// <summary>A payment p in place of a row, as view <c>deliveries</c> has it; the destination is told.</summary>
    private const string Pristine = """
        delivery_id(p.id, told.lane) AS id, told.lane, p.id AS payment_id, p.account_id, p.sequence, p.received_at AS due_at, p.received_at AS created_at,
            'pending' AS state, 0 AS attempts, NULL::timestamptz AS attempted_at, NULL::timestamptz AS delivered_at, NULL::integer AS last_status,
            NULL AS last_error, NULL AS cause, NULL::integer AS last_duration, NULL::uuid AS event_id
        """;

    /// <summary>In place of a row: as view <c>deliveries</c> has those that have none.</summary>
    private const string Unwritten = """
        (SELECT delivery_id(u.payment_id, u.lane) AS id, u.*, u.due_at AS created_at, 'pending' AS state, 0 AS attempts, NULL::timestamptz AS attempted_at,
            NULL::timestamptz AS delivered_at, NULL::integer AS last_status, NULL AS last_error, NULL AS cause, NULL::integer AS last_duration,
            NULL::uuid AS event_id, false AS waits FROM unwritten_deliveries u) d
        """;

    /// <summary>The delivery, or null.</summary>
    public async Task<DeliveryRecord?> FindAsync(Guid id, CancellationToken cancellation)
    {
        var (first, last) = UnwrittenDeliveries.Payments(id);
        await using var command = database.CreateCommand(
            $"{Select} WHERE d.id = $1 UNION ALL SELECT {Columns} FROM {Unwritten} {Destination} WHERE d.payment_id BETWEEN $2 AND $3 AND d.id = $1")
            .With(Sql.Of(id), Sql.Of(first), Sql.Of(last));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? Read(rows) : null;
    }

    /// <summary>
    /// A page of deliveries: an account's by its numbers, the highest first, then what has none, the news of adapters; others newest first, and so an
    /// account's that are narrowed by time.
    /// </summary>
    /// <returns>The page, or <c>list-too-wide</c>.</returns>
    public Task<Outcome<IReadOnlyList<DeliveryRecord>>> ListAsync(DeliveryFilter filter, Guid? after, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var byNumber = filter is { AccountId: not null, PaymentId: null, From: null, To: null };
        return BoundedList.ReadAsync(database, byNumber ? ByNumber(filter, after, limit) : ById(filter, after, limit), Read, cancellation);
    }

    /// <summary>What became of the attempts of a delivery, the first ones first; at most <see cref="AttemptTurn.AttemptsKeptMax"/>.</summary>
    public async Task<IReadOnlyList<AttemptRecord>> AttemptsAsync(DeliveryRecord delivery, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        await using var command = database.CreateCommand(
            "SELECT number, at, duration, status, error, cause, excerpt FROM delivery_attempts WHERE delivery_id = $1 ORDER BY number").With(Sql.Of(delivery.Id));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<AttemptRecord> attempts = [];
        while (await rows.ReadAsync(cancellation))
        {
            attempts.Add(new AttemptRecord(
                rows.GetInt32(0), rows.GetFieldValue<DateTimeOffset>(1), TimeSpan.FromMilliseconds(rows.GetInt32(2)), rows.IsDBNull(3) ? null : rows.GetInt32(3),
                rows.TextOrNull(4), rows.TextOrNull(5), rows.TextOrNull(6)));
        }

        // One that arrived at once, without a word, is in the delivery itself.
        if (attempts.Count == 0 && delivery is { Attempts: 1, AttemptedAt: { } at })
            attempts.Add(new AttemptRecord(1, at, delivery.LastDuration ?? TimeSpan.Zero, delivery.LastStatus, null, null, null));
        return attempts;
    }

    /// <summary>
    /// By the account's payments and reversals, which have its order in an index; what it got later comes in between, and what it was told besides, which
    /// has no number, at the end. Those that wait, those that are ready, those that are dead, and those besides have an index each.
    /// </summary>
    private static NpgsqlBatchCommand ByNumber(DeliveryFilter filter, Guid? after, int limit)
    {
        const string number = """
            coalesce((SELECT sequence FROM delivery_rows WHERE id = $2 AND account_id = $1), (SELECT u.sequence FROM unwritten_deliveries u
                WHERE u.account_id = $1 AND u.payment_id BETWEEN $4 AND $5 AND delivery_id(u.payment_id, u.lane) = $2))
            """;
        var (first, last) = UnwrittenDeliveries.Payments(after ?? default);
        var list = DeliveryList.Of(filter, removed: true, Sql.Text(filter.AccountId), Uuid(after), Sql.Of(limit), Sql.Of(first), Sql.Of(last));
        var sql = filter.State switch
        {
            "pending" => $"""
              ({Pending("waits")}) UNION ALL ({Pending("NOT d.waits")}) UNION ALL ({Latest()}) ORDER BY 5 DESC, 1 DESC LIMIT $3
              """,
            "dead" => Written("true"),
            _ => $"""
              (SELECT {Columns} FROM payments p JOIN delivery_rows d ON d.payment_id = p.id AND d.event_id IS NULL {Destination}
                  WHERE p.account_id = $1 AND d.account_id = $1 {list.Where} {Before("p")} ORDER BY p.sequence DESC, d.id DESC LIMIT $3)
              UNION ALL
              (SELECT {Columns} FROM assignments a JOIN delivery_rows d ON d.payment_id = a.payment_id AND d.event_id IS NULL {Destination}
                  WHERE a.account_id = $1 AND d.account_id = $1 {list.Where} {Before("a")} ORDER BY a.sequence DESC, d.id DESC LIMIT $3)
              UNION ALL
              (SELECT {Columns} FROM reversals r JOIN delivery_rows d ON d.payment_id = r.payment_id AND d.event_id = r.id {Destination}
                  WHERE r.account_id = $1 AND d.account_id = $1 {list.Where} {Before("r")} ORDER BY r.sequence DESC, d.id DESC LIMIT $3)
              UNION ALL
              (SELECT {Columns} FROM reversal_links l JOIN delivery_rows d ON d.payment_id = l.payment_id AND d.event_id = l.reversal_id {Destination}
                  WHERE l.account_id = $1 AND d.account_id = $1 {list.Where} {Before("l")} ORDER BY l.sequence DESC, d.id DESC LIMIT $3)
              UNION ALL ({Written("d.payment_id IS NULL")})
              {(filter.State is null ? $"UNION ALL ({Latest()})" : "")}
              ORDER BY 5 DESC, 1 DESC LIMIT $3
              """,
        };
        return Sql.Command(sql, [.. list.Parameters]);

        string Written(string condition) => $"""
            {Select} WHERE d.account_id = $1 AND {condition} {list.Where} {Before("d")} ORDER BY d.sequence DESC, d.id DESC LIMIT $3
            """;

        string Pending(string waits) => $"""
            {Select} WHERE d.lane IN (SELECT lane FROM destinations WHERE account_id = $1) AND {waits} {list.Where} {Before("d")}
            ORDER BY d.sequence DESC, d.id DESC LIMIT $3
            """;

        // Of each lane by itself, so that no more is read than the page, however much waits there.
        string Latest() => $"""
            SELECT {Columns} FROM destinations told JOIN lane_marks m ON m.lane = told.lane CROSS JOIN LATERAL (
                SELECT d.* FROM (SELECT {Pristine} FROM payments p WHERE {UnwrittenDeliveries.OfLane}) d
                WHERE true {list.Where} {Before("d")} ORDER BY d.sequence DESC LIMIT $3) d {Destination}
            WHERE told.account_id = $1 AND told.lane IN (SELECT lane FROM busy_lanes)
            """;

        // On the table whose index leads to them, else all above would be read in vain.
        string Before(string table) => string.Concat(filter.Numbers.On($"{table}.sequence", list.Place).Select(one => $" AND {one}"))
            + (after is null ? "" : $" AND {table}.sequence <= {number} AND ({table}.sequence < {number} OR d.id < $2)");
    }

    private static NpgsqlBatchCommand ById(DeliveryFilter filter, Guid? after, int limit)
    {
        var list = DeliveryList.Of(filter, removed: true, Sql.Of(limit));
        if (filter.AccountId is { } account) list.And("d.account_id = {0}", Sql.Of(account));
        if (after is { } last) list.And("d.id < {0}", Sql.Of(last));
        var written = $"{Select} WHERE true {list.Where} ORDER BY d.id DESC LIMIT $1";
        if (filter.State is not (null or "pending")) return Sql.Command(written, [.. list.Parameters]);
        return Sql.Command(
            $"""
            ({written}) UNION ALL
            (SELECT {Columns} FROM {Unwritten} {Destination} WHERE d.lane IN (SELECT lane FROM busy_lanes) {list.Where} ORDER BY d.id DESC LIMIT $1)
            ORDER BY 1 DESC LIMIT $1
            """,
            [.. list.Parameters]);
    }

    /// <summary>
    /// Makes a delivery due now, whatever its state: the receiver recognises a repeat by its id. What was put off behind it is due then, too, and a
    /// rest of its lane ends.
    /// </summary>
    public async Task RetryAsync(Guid id, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await UnwrittenDeliveries.WriteAsync(connection, id, cancellation);
        var now = clock.GetUtcNow();
        // Many may wait behind one that fails for days, and their account's payments wait for us: page by page, each in a transaction of its own.
        var again = Sql.Command(
            $"""
            WITH again AS ({Again("d.id = $1 AND EXISTS (SELECT FROM destinations t WHERE t.lane = d.lane)", "$2")}) {KeepFirst}
            """,
            Sql.Of(id),
            Sql.Time(now));
        var last = await BringAsync(connection, id, again, after: 0, now, cancellation);
        while (last is { } after) last = await BringAsync(connection, id, null, after, now, CancellationToken.None); // it has begun
    }

    /// <summary>Makes a page of those due that were put off behind a delivery, and wakes the lane.</summary>
    /// <returns>The number of the last one; null when no more are left.</returns>
    private static async Task<long?> BringAsync(
        NpgsqlConnection connection, Guid id, NpgsqlBatchCommand? first, long after, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN"));
        // In the order of turns and of whoever lets a lane go: the head first.
        batch.BatchCommands.Add(Sql.Command(
            "SELECT FROM account_heads WHERE account_id = (SELECT account_id FROM delivery_rows WHERE id = $1) FOR UPDATE", Sql.Of(id)));
        if (first is not null) batch.BatchCommands.Add(first);
        batch.BatchCommands.Add(Sql.Command(
            """
            UPDATE agenda g SET due_at = LEAST(g.due_at, $2) FROM delivery_rows again JOIN destinations t ON t.lane = again.lane
            WHERE again.id = $1 AND g.kind = 'lane' AND g.key = again.lane::text
            """,
            Sql.Of(id),
            Sql.Time(now)));
        batch.BatchCommands.Add(LaneStore.EndRest("(SELECT lane FROM delivery_rows WHERE id = $1)", Sql.Of(id)));
        batch.BatchCommands.Add(Sql.Command(
            $"""
            WITH page AS MATERIALIZED (
                SELECT d.id FROM delivery_rows again JOIN delivery_rows d ON d.lane = again.lane AND d.order_key = again.order_key
                WHERE again.id = $1 AND d.sequence > greatest(again.sequence, $3) AND d.state = 'pending' AND d.waits AND d.attempts = d.round_start
                    AND d.due_at > $2
                ORDER BY d.sequence LIMIT {BroughtMax}),
            brought AS (
                UPDATE delivery_rows d SET due_at = $2 FROM page
                WHERE d.id = page.id AND d.state = 'pending' AND d.waits AND d.attempts = d.round_start RETURNING d.sequence)
            SELECT max(sequence) FROM brought HAVING (SELECT count(*) FROM page) = {BroughtMax} AND count(*) > 0
            """,
            Sql.Of(id),
            Sql.Time(now),
            Sql.Of(after)));
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        long? last = null;
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        do
        {
            while (await rows.ReadAsync(cancellation))
            {
                if (rows.FieldCount > 0) last = rows.GetInt64(0); // only the page tells something
            }
        }
        while (await rows.NextResultAsync(cancellation));
        return last;
    }

    /// <summary>What goes with <see cref="Again"/>, named <c>again</c>: the only attempt of one that arrived at once, without a word, is in its row alone.</summary>
    internal const string KeepFirst = """
        INSERT INTO delivery_attempts (delivery_id, number, at, duration, status, error, cause)
        SELECT id, 1, attempted_at, coalesce(last_duration, 0), last_status, last_error, cause FROM again WHERE attempts = 1 AND attempted_at IS NOT NULL
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Makes deliveries ready again, at the place of their number; the schedule begins anew.</summary>
    internal static string Again(string condition, string now) =>
        $"""
        UPDATE delivery_rows d SET state = 'pending', waits = false, due_at = {now}, round_start = attempts WHERE {condition}
        RETURNING d.id, d.lane, d.account_id, d.attempts, d.attempted_at, d.last_duration, d.last_status, d.last_error, d.cause
        """;

    private static NpgsqlParameter Uuid(Guid? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static DeliveryRecord Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        PaymentId = row.IsDBNull(1) ? null : row.GetGuid(1),
        AccountId = row.GetString(2),
        DestinationId = row.IsDBNull(3) ? null : row.GetString(3),
        Sequence = row.GetInt64(4),
        Event = row.GetString(16),
        State = row.GetString(5),
        Attempts = row.GetInt32(6),
        DueAt = row.GetFieldValue<DateTimeOffset>(7),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(8),
        AttemptedAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        DeliveredAt = row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10),
        LastStatus = row.IsDBNull(11) ? null : row.GetInt32(11),
        LastError = row.IsDBNull(12) ? null : row.GetString(12),
        Cause = row.TextOrNull(13),
        LastDuration = row.IsDBNull(14) ? null : TimeSpan.FromMilliseconds(row.GetInt32(14)),
        DestinationRemoved = row.GetBoolean(15),
    };
}
