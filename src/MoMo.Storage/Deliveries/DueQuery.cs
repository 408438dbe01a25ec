using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using MoMo.Domain.Deliveries;
using MoMo.Storage.Payments;
using MoMo.Storage.Reversals;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>
/// What may be sent now in a lane. Each statement reads a few pages of partial indexes, whatever waits in the lane: those that are ready by their
/// number, those that waited by their time.
/// </summary>
internal static class DueQuery
{
    private const string NewsColumns = "n.id, n.adapter_id, n.psp_id, n.state, n.at";
    private const string OwnColumns = "due.id, due.attempts, due.round_start, due.sequence, due.order_key, due.due_at, due.waits";

    private const int PutOffColumn = PaymentRow.Columns + 12 + ReversalRow.Columns;

    /// <summary>Rows of the page that is looked at; what is due is a part of it.</summary>
    private const string Row = "d.id, d.attempts, d.round_start, d.payment_id, d.event_id, d.sequence, d.order_key, d.waits, d.due_at";

    /// <summary>Stands for the length of a page in the statements.</summary>
    private const string Page = "@page";

    /// <summary>
    /// The statements, with usual lengths of a page written into them: of a LIMIT that is a parameter the planner thinks that it is a tenth of all
    /// there is, finds a plan for any length too dear, and plans each page anew, which takes as long again as reading it. Others, of which there are too
    /// many to be kept prepared, have a parameter.
    /// </summary>
    private static readonly ConcurrentDictionary<(DeliveryOrder Order, int Page), string> Statements = new();

    private const string Waiting = $"""
        (SELECT {Row} FROM deliveries d WHERE d.lane = $1 AND d.state = 'pending' AND d.waits AND d.due_at <= $2 AND d.id <> ALL($3)
            ORDER BY d.due_at, d.sequence LIMIT {Page})
        """;

    private const string Ready = $"""
        (SELECT {Row} FROM deliveries d WHERE d.lane = $1 AND d.state = 'pending' AND NOT d.waits AND d.id <> ALL($3) ORDER BY d.sequence LIMIT {Page})
        """;

    private const string Result = $"""
        SELECT {PaymentRow.Fields}, {OwnColumns}, {NewsColumns}, {ReversalRow.Fields}, put.count FROM (SELECT count(*) FROM put_off) put LEFT JOIN due ON true
        LEFT JOIN payments p ON p.id = due.payment_id LEFT JOIN assignments a ON a.payment_id = p.id LEFT JOIN adapter_events n ON n.id = due.event_id
        LEFT JOIN reversals_now v ON v.id = due.event_id
        ORDER BY due.sequence
        """;

    private const string PutOff = "put_off AS (SELECT WHERE false)";

    private const string InNoOrder = $"""
        WITH due AS MATERIALIZED ({Waiting} UNION ALL {Ready}), {PutOff} {Result}
        """;

    // By number, up to the first that is not due. Who waits for somebody else's time by another order of before is not waited for.
    private const string InOrderOfAccount = $"""
        WITH page AS MATERIALIZED (
            SELECT * FROM (
                (SELECT {Row} FROM deliveries d WHERE d.lane = $1 AND d.state = 'pending' AND d.waits AND d.id <> ALL($3) ORDER BY d.sequence LIMIT {Page})
                UNION ALL {Ready}) d ORDER BY sequence LIMIT {Page}),
        due AS MATERIALIZED (
            SELECT * FROM (SELECT page.*, bool_and(NOT waits OR due_at <= $2) OVER (ORDER BY sequence, id) AS free FROM page) d WHERE free),
        {PutOff} {Result}
        """;

    // Behind one of the same key that waits, and is neither in this page nor with the caller: put off until then.
    private const string InOrderOfReference = $"""
        WITH page AS MATERIALIZED (SELECT * FROM ({Waiting} UNION ALL {Ready}) d),
        behind AS MATERIALIZED (
            SELECT page.id, first.due_at FROM page CROSS JOIN LATERAL (
                SELECT w.due_at FROM deliveries w
                WHERE w.lane = $1 AND w.order_key = page.order_key AND w.state = 'pending' AND w.waits AND w.sequence < page.sequence
                    AND w.id <> ALL($3) AND w.id NOT IN (SELECT id FROM page)
                ORDER BY w.sequence LIMIT 1) first),
        put_off AS (
            UPDATE deliveries d SET waits = true, due_at = behind.due_at FROM behind WHERE d.id = behind.id AND d.state = 'pending' RETURNING d.id),
        due AS MATERIALIZED (SELECT * FROM page WHERE id NOT IN (SELECT id FROM behind))
        {Result}
        """;

    /// <param name="connection">An open connection.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="order">What may not be overtaken.</param>
    /// <param name="page">Rows of each index that are looked at.</param>
    /// <param name="held">Those that the caller has already.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What may be sent, up to two pages; and whether others were put off, so that there may be more to look at.</returns>
    public static async Task<(List<DueDelivery> Due, bool PutOff)> ReadAsync(
        NpgsqlConnection connection, long lane, DeliveryOrder order, int page, Guid[] held, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        command.With(Sql.Of(lane), Sql.Time(now), Sql.Of(held));
        if (BitOperations.IsPow2(page))
        {
            command.CommandText = Statements.GetOrAdd((order, page), static key => Statement(key.Order, key.Page.ToString(CultureInfo.InvariantCulture)));
        }
        else
        {
            command.CommandText = Statement(order, "$4");
            command.Parameters.Add(Sql.Of(page));
        }

        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<(DueDelivery Delivery, bool Waits)> found = [];
        var putOff = 0L;
        while (await rows.ReadAsync(cancellation))
        {
            putOff = rows.GetInt64(PutOffColumn);
            if (!rows.IsDBNull(PaymentRow.Columns)) found.Add((Read(rows), rows.GetBoolean(PaymentRow.Columns + 6)));
        }

        return (order == DeliveryOrder.Reference ? Known(found, page, putOff) : found.ConvertAll(one => one.Delivery), putOff > 0);
    }

    /// <summary>
    /// Those of a page before which nothing of the same key is ready. Of what is ready a page has the lowest numbers. When it is full of that, one that
    /// is sent again may be ready beyond it: what waited, with a higher number than all that is ready here, is left for a later page. Whether it is full
    /// is taken for granted of those that were put off: when none is left, the next page is read at once.
    /// </summary>
    private static List<DueDelivery> Known(List<(DueDelivery Delivery, bool Waits)> found, int page, long putOff)
    {
        var ready = found.Where(one => !one.Waits).Select(one => one.Delivery.Sequence).DefaultIfEmpty(0).Max();
        var isFull = found.Count(one => !one.Waits) + putOff >= page;
        return [.. found.Where(one => !isFull || !one.Waits || one.Delivery.OrderKey is null || one.Delivery.Sequence < ready).Select(one => one.Delivery)];
    }

    private static string Statement(DeliveryOrder order, string length)
    {
        var statement = order switch
        {
            DeliveryOrder.Account => InOrderOfAccount,
            DeliveryOrder.None => InNoOrder,
            _ => InOrderOfReference,
        };
        return statement.Replace(Page, length, StringComparison.Ordinal);
    }

    private static DueDelivery Read(NpgsqlDataReader rows)
    {
        const int own = PaymentRow.Columns;
        const int news = own + 7;
        const int back = news + 5;
        var payment = rows.IsDBNull(0) ? null : PaymentRow.Read(rows);
        return new DueDelivery(rows.GetGuid(own), rows.GetInt32(own + 1), payment)
        {
            RoundStart = rows.GetInt32(own + 2),
            Sequence = rows.GetInt64(own + 3),
            OrderKey = rows.IsDBNull(own + 4) ? null : rows.GetString(own + 4),
            DueAt = rows.GetFieldValue<DateTimeOffset>(own + 5),
            Reversal = rows.IsDBNull(back) ? null : ReversalRow.Read(rows, back),
            Adapter = rows.IsDBNull(news)
                ? null
                : new AdapterNews(
                    rows.GetGuid(news), rows.GetString(news + 1), rows.GetString(news + 2), rows.GetString(news + 3),
                    rows.GetFieldValue<DateTimeOffset>(news + 4)),
        };
    }
}
