using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using MoMo.Domain.Deliveries;
using MoMo.Storage.Payments;
using MoMo.Storage.Reversals;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>
/// What may be sent now in a lane. Each statement reads a few pages of an index, whatever waits in the lane: those that have no row yet and those that
/// are ready by their number, those that waited by their time.
/// </summary>
internal static class DueQuery
{
    private const string NewsColumns = "n.id, n.adapter_id, n.psp_id, n.state, n.at";
    // Of those that may have their last attempt before them.
    private static readonly string TriedSince = $"""
        CASE WHEN due.attempts - due.round_start >= {RetrySchedule.AttemptsMax - 1}
            THEN (SELECT x.at FROM delivery_attempts x WHERE x.delivery_id = due.id AND x.number = due.round_start + 1) END
        """;

    private static readonly string OwnColumns = "due.id, due.attempts, due.round_start, due.sequence, due.order_key, due.due_at, due.waits, " + TriedSince + ", due.cause IS NOT DISTINCT FROM 'account_rejected'";

    private const int BlockedColumn = PaymentRow.Columns + 14 + ReversalRow.Columns;

    /// <summary>Rows of the page that is looked at; what is due is a part of it.</summary>
    private const string Row = "d.id, d.attempts, d.round_start, d.payment_id, d.event_id, d.sequence, d.order_key, d.waits, d.due_at, d.cause";

    /// <summary>Stands for the length of a page in the statements.</summary>
    private const string Page = "@page";

    private const string Pending = "d.lane = $1 AND d.state = 'pending' AND d.id <> ALL($3)";
    private const string Ready = $"(SELECT {Row} FROM delivery_rows d WHERE {Pending} AND NOT d.waits ORDER BY d.sequence LIMIT {Page})";
    private const string ReadyInOrder = $"(SELECT {Row} FROM delivery_rows d WHERE {Pending} AND NOT d.waits ORDER BY d.sequence, d.id LIMIT {Page})";

    private const string Due = $"""
        due AS MATERIALIZED (
            (SELECT {Row} FROM delivery_rows d WHERE {Pending} AND d.waits AND d.due_at <= $2 ORDER BY d.due_at, d.sequence LIMIT {Page}) UNION ALL {Ready})
        """;

    private static readonly string Result = $"""
        SELECT {PaymentRow.Fields}, {OwnColumns}, {NewsColumns}, {ReversalRow.Fields}, blocked.any FROM blocked LEFT JOIN due ON true
        LEFT JOIN payments p ON p.id = due.payment_id LEFT JOIN assignments a ON a.payment_id = p.id LEFT JOIN adapter_events n ON n.id = due.event_id
        LEFT JOIN reversals_now v ON v.id = due.event_id
        """;

    private static readonly string InNoOrder = $"WITH {Due}, blocked AS (SELECT false AS any) {Result}";

    // Whether something waits that others may have to wait for.
    private static readonly string InOrderOfReference = $"""
        WITH {Due}, blocked AS (
            SELECT EXISTS (SELECT FROM delivery_rows d WHERE {Pending} AND d.waits AND d.order_key IS NOT NULL AND d.id NOT IN (SELECT id FROM due)) AS any)
        {Result}
        """;

    // In an order, so that it is read off an index: of EXISTS the planner thinks that a table with many pending rows shows one at once, and reads all those
    // that were delivered before it.
    private const string AnyWritten = """
        ((SELECT true FROM delivery_rows d WHERE d.lane = $1 AND d.state = 'pending' AND NOT d.waits ORDER BY d.sequence LIMIT 1) IS TRUE
            OR (SELECT true FROM delivery_rows d WHERE d.lane = $1 AND d.state = 'pending' AND d.waits ORDER BY d.sequence LIMIT 1) IS TRUE)
        """;

    private static readonly string AnyAndHorizon = $"SELECT {AnyWritten}, {UnwrittenDeliveries.Horizon("$2")}";
    private static readonly string Horizon = $"SELECT {UnwrittenDeliveries.Horizon("$2")}";
    private static readonly string Unwritten = SelectUnwritten("$1");
    private static readonly string UnwrittenAlone = SelectUnwritten($"$1 AND NOT {AnyWritten}");

    // By number, also those that are not due: nobody overtakes them. News of adapters all have the same: by their id.
    private static readonly string InOrderOfAccount = $"""
        WITH due AS MATERIALIZED (
            (SELECT {Row} FROM delivery_rows d WHERE {Pending} AND d.waits ORDER BY d.sequence, d.id LIMIT {Page}) UNION ALL {ReadyInOrder}),
        blocked AS (SELECT false AS any) {Result}
        """;

    // Behind one of the same key that waits, and is neither in this page nor with the caller: put off until then. One that waited when the page was read,
    // and was made ready by a person's word since, is looked for among those that are ready up to where the page ends: all the others there are in it.
    private const string PutOff = """
        WITH page AS MATERIALIZED (
            SELECT * FROM unnest($2, $3, $4, $5, $6, $7) AS g (id, payment_id, event_id, sequence, order_key, due_at)),
        ready AS MATERIALIZED (
            SELECT w.order_key, w.sequence, w.due_at FROM delivery_rows w
            WHERE w.lane = $1 AND w.state = 'pending' AND NOT w.waits AND w.order_key IS NOT NULL
                AND w.sequence < (SELECT max(sequence) FROM page WHERE sequence <= $9) AND w.id <> ALL($8) AND w.id NOT IN (SELECT id FROM page)),
        behind AS MATERIALIZED (
            SELECT page.*, first.due_at AS until FROM page CROSS JOIN LATERAL (
                (SELECT w.due_at FROM delivery_rows w
                    WHERE w.lane = $1 AND w.order_key = page.order_key AND w.state = 'pending' AND w.waits AND w.sequence < page.sequence
                        AND w.id <> ALL($8) AND w.id NOT IN (SELECT id FROM page)
                    ORDER BY w.sequence LIMIT 1)
                UNION ALL
                (SELECT r.due_at FROM ready r WHERE r.order_key = page.order_key AND r.sequence < page.sequence LIMIT 1)
                LIMIT 1) first),
        put_off AS (
            INSERT INTO delivery_rows AS d (id, lane, payment_id, event_id, account_id, sequence, order_key, due_at, created_at, waits)
            SELECT id, $1, payment_id, event_id, (SELECT account_id FROM destinations WHERE lane = $1), sequence, order_key, until, due_at, true FROM behind
            ORDER BY id
            ON CONFLICT (id) DO UPDATE SET waits = true, due_at = excluded.due_at WHERE d.state = 'pending')
        SELECT id FROM behind
        """;

    // Now and then, so that whoever takes the lane over has little to look through.
    private static readonly string Mark = $"UPDATE lane_marks SET mark = $2 WHERE lane = $1 AND mark < $2 - {UnwrittenDeliveries.Window / 20}";

    /// <summary>
    /// The statements, with usual lengths of a page written into them: of a LIMIT that is a parameter the planner thinks that it is a tenth of all
    /// there is, finds a plan for any length too dear, and plans each page anew, which takes as long again as reading it. Others, of which there are too
    /// many to be kept prepared, have a parameter.
    /// </summary>
    private static readonly ConcurrentDictionary<(string Statement, int Page), string> Statements = new();

    /// <param name="connection">An open connection.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="order">What may not be overtaken.</param>
    /// <param name="page">Rows of each index that are looked at.</param>
    /// <param name="held">Those that the caller has already.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>
    /// What may be sent, up to two pages; whether others were put off, so that there may be more to look at; the number up to which all that had no
    /// row were seen, 0 when none was; and the number up to which was looked in vain for such, null when one was seen or nothing is beyond it.
    /// </returns>
    public static async Task<(DuePage Page, bool PutOff, long Seen, long? Horizon)> ReadAsync(
        NpgsqlConnection connection, long lane, DeliveryOrder order, int page, HeldDeliveries held, DateTimeOffset now, CancellationToken cancellation)
    {
        var (written, unwritten, blocked, horizon) = await LookAsync(connection, lane, order, page, held, now, cancellation);
        // Where an order is promised, one beyond the horizon may be behind another that was not looked at.
        if (horizon is { } end && order != DeliveryOrder.None)
            written.RemoveAll(one => one.Delivery.Sequence > end && (order == DeliveryOrder.Account || one.Delivery.OrderKey is not null));
        // Those that come by their number, the lowest of both kinds.
        var coming = written.Where(one => !one.Waits || order == DeliveryOrder.Account).Concat(unwritten.Select(one => (Delivery: one, Waits: false)))
            .OrderBy(one => one.Delivery.Sequence).ThenBy(one => one.Delivery.Id).Take(page).ToList();
        var waited = written.Where(one => one.Waits).Select(one => one.Delivery).ToList();
        var hasMore = coming.Count == page || horizon is not null;
        // Only past a window where nothing was seen may whoever asks go on: in order of the account the first may wait, and all the others behind it.
        if (coming.Count > 0) horizon = null;
        if (order == DeliveryOrder.Account)
        {
            var first = coming.TakeWhile(one => !one.Waits || one.Delivery.DueAt <= now).Select(one => one.Delivery).ToList();
            return (new DuePage(first, hasMore && first.Count == coming.Count), false, 0, horizon);
        }

        hasMore |= waited.Count == page;
        List<DueDelivery> found = [.. waited, .. coming.Select(one => one.Delivery)];
        if (order == DeliveryOrder.None) return (new DuePage(InOrder(found), hasMore), false, 0, horizon);
        var last = coming.Count < page ? long.MaxValue : coming[^1].Delivery.Sequence;
        var behind = blocked ? await PutOffAsync(connection, lane, found, last, held, cancellation) : [];
        // Of what comes, a page has the lowest numbers. When it is full, one that is sent again may come beyond it: what waited, with a higher number
        // than all that come here, is left for a later page.
        found.RemoveAll(one => behind.Contains(one.Id) || (one.OrderKey is not null && one.Sequence > last));
        return (new DuePage(InOrder(found), hasMore), behind.Count > 0, coming.FindLast(one => one.Delivery.Unwritten is not null).Delivery?.Sequence ?? 0, horizon);
    }

    private static List<DueDelivery> InOrder(List<DueDelivery> found) => [.. found.OrderBy(one => one.Sequence)];

    /// <summary>One look at both kinds, so that none is missed that gets its row in between.</summary>
    private static async Task<(List<(DueDelivery Delivery, bool Waits)> Written, List<DueDelivery> Unwritten, bool Blocked, long? Horizon)> LookAsync(
        NpgsqlConnection connection, long lane, DeliveryOrder order, int page, HeldDeliveries held, DateTimeOffset now, CancellationToken cancellation)
    {
        // Most lanes have none with a row, and to ask for those costs as much as to read a page of the others. Whoever holds some asks at once.
        var mayBeAlone = held.Ids.Count == held.Unwritten.Count;
        if (mayBeAlone && await LookAtUnwrittenAsync(connection, lane, page, held, cancellation) is { } alone) return ([], alone.Unwritten, false, alone.Horizon);
        var ofOrder = Command(Statement(order), page, Sql.Of(lane), Sql.Time(now), Sql.Of(held.Ids.ToArray()));
        await using var batch = Look(connection, ofOrder, Unwritten, lane, page, held, Sql.Command(Horizon, Sql.Of(lane), Sql.Of(held.Reached)));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        List<(DueDelivery, bool)> written = [];
        var blocked = false;
        while (await rows.ReadAsync(cancellation))
        {
            blocked = rows.GetBoolean(BlockedColumn);
            if (!rows.IsDBNull(PaymentRow.Columns)) written.Add((Read(rows), rows.GetBoolean(PaymentRow.Columns + 6)));
        }

        await rows.NextResultAsync(cancellation);
        var unwritten = await ReadUnwrittenAsync(rows, lane, cancellation);
        await rows.NextResultAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return (written, unwritten, blocked, LongOrNull(rows, 0));
    }

    /// <returns>Null when there are others, which have a row.</returns>
    private static async Task<(List<DueDelivery> Unwritten, long? Horizon)?> LookAtUnwrittenAsync(
        NpgsqlConnection connection, long lane, int page, HeldDeliveries held, CancellationToken cancellation)
    {
        await using var batch = Look(connection, Sql.Command(AnyAndHorizon, Sql.Of(lane), Sql.Of(held.Reached)), UnwrittenAlone, lane, page, held);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var (any, horizon) = (rows.GetBoolean(0), LongOrNull(rows, 1));
        await rows.NextResultAsync(cancellation);
        var unwritten = await ReadUnwrittenAsync(rows, lane, cancellation);
        return any ? null : (unwritten, horizon);
    }

    /// <summary>Something, and those without a row where they are looked for, as of the same moment.</summary>
    private static NpgsqlBatch Look(
        NpgsqlConnection connection, NpgsqlBatchCommand written, string unwritten, long lane, int page, HeldDeliveries held, NpgsqlBatchCommand? horizon = null)
    {
        var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
        batch.BatchCommands.Add(Sql.Command(UnwrittenDeliveries.Unsorted));
        batch.BatchCommands.Add(written);
        batch.BatchCommands.Add(Command(
            unwritten, page, Sql.Of(lane), Sql.Of(held.Reached), Sql.Of(held.Beyond.Select(id => DeliveryId.Of(id, lane)).ToArray())));
        if (horizon is not null) batch.BatchCommands.Add(horizon);
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        if (held.Written > 0) batch.BatchCommands.Add(Sql.Command(Mark, Sql.Of(lane), Sql.Of(held.Written)));
        return batch;
    }

    private static async Task<List<DueDelivery>> ReadUnwrittenAsync(NpgsqlDataReader rows, long lane, CancellationToken cancellation)
    {
        List<DueDelivery> unwritten = [];
        while (await rows.ReadAsync(cancellation)) unwritten.Add(UnwrittenDeliveries.Of(PaymentRow.Read(rows), lane));
        return unwritten;
    }

    private static async Task<HashSet<Guid>> PutOffAsync(
        NpgsqlConnection connection, long lane, List<DueDelivery> found, long last, HeldDeliveries held, CancellationToken cancellation)
    {
        var page = found.FindAll(one => one.OrderKey is not null);
        await using var command = new NpgsqlCommand(PutOff, connection).With(
            Sql.Of(lane),
            Sql.Of(page.ConvertAll(one => one.Id).ToArray()),
            Sql.Of(page.ConvertAll(one => one.Payment!.Id).ToArray()),
            Sql.Uuids(page.ConvertAll(one => one.Reversal?.Id).ToArray()),
            Sql.Of(page.ConvertAll(one => one.Sequence).ToArray()),
            Sql.Texts(page.ConvertAll(one => one.OrderKey).ToArray()),
            Sql.Times(page.ConvertAll(one => (DateTimeOffset?)one.DueAt).ToArray()),
            Sql.Of(held.Ids.ToArray()),
            Sql.Of(last));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        HashSet<Guid> behind = [];
        while (await rows.ReadAsync(cancellation)) behind.Add(rows.GetGuid(0));
        return behind;
    }

    private static NpgsqlBatchCommand Command(string statement, int page, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        if (!BitOperations.IsPow2(page)) return Sql.Command(OfLength(statement, "$4"), [.. parameters, Sql.Of(page)]);
        return Sql.Command(
            Statements.GetOrAdd((statement, page), static key => OfLength(key.Statement, key.Page.ToString(CultureInfo.InvariantCulture))), parameters);
    }

    private static string OfLength(string statement, string page) => statement.Replace(Page, page, StringComparison.Ordinal);

    private static string Statement(DeliveryOrder order) => order switch
    {
        DeliveryOrder.Account => InOrderOfAccount,
        DeliveryOrder.None => InNoOrder,
        _ => InOrderOfReference,
    };

    private static string SelectUnwritten(string where) =>
        UnwrittenDeliveries.Select(PaymentRow.Taken, "$2", Page, $"AND p.id <> ALL($3) {UnwrittenDeliveries.Within("$2")}", where);

    private static long? LongOrNull(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetInt64(column);

    private static DueDelivery Read(NpgsqlDataReader rows)
    {
        const int own = PaymentRow.Columns;
        const int news = own + 9;
        const int back = news + 5;
        var payment = rows.IsDBNull(0) ? null : PaymentRow.Read(rows);
        return new DueDelivery(rows.GetGuid(own), rows.GetInt32(own + 1), payment)
        {
            RoundStart = rows.GetInt32(own + 2),
            Sequence = rows.GetInt64(own + 3),
            OrderKey = rows.IsDBNull(own + 4) ? null : rows.GetString(own + 4),
            DueAt = rows.GetFieldValue<DateTimeOffset>(own + 5),
            WasRejected = rows.GetBoolean(own + 8),
            TriedSince = rows.IsDBNull(own + 7) ? null : rows.GetFieldValue<DateTimeOffset>(own + 7),
            Reversal = rows.IsDBNull(back) ? null : ReversalRow.Read(rows, back),
            Adapter = rows.IsDBNull(news)
                ? null
                : new AdapterNews(
                    rows.GetGuid(news), rows.GetString(news + 1), rows.GetString(news + 2), rows.GetString(news + 3),
                    rows.GetFieldValue<DateTimeOffset>(news + 4)),
        };
    }
}
