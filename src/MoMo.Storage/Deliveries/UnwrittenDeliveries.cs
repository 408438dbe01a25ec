using System.Globalization;
using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Storage.Management;
using MoMo.Storage.Payments;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>
/// Deliveries that have no row yet: each follows from a payment that the account got when it came, beyond the lane's mark, and what the lane's
/// destination is told of.
/// </summary>
internal static class UnwrittenDeliveries
{
    /// <summary>Those that are written at once.</summary>
    private const int PageMax = 1_000;

    /// <summary>
    /// Numbers of an account that one statement looks through at most. While a lane sleeps its mark stands still, and of a filter that hardly any payment
    /// fits millions may have come since. Tests have small ones, so that what goes wrong at their edges goes wrong in a short history.
    /// </summary>
    public static readonly int Window = AppContext.GetData("MoMo.Deliveries.Window") is string set ? int.Parse(set, CultureInfo.InvariantCulture) : 20_000;

    /// <summary>Whether a payment p has such a delivery: SQL on it, its destination <c>told</c>, and the mark m of its lane.</summary>
    /// <remarks>Of IS NULL the planner thinks that hardly any is left, and would rather sort all that waits than follow the index.</remarks>
    public const string OfLane = """
        p.account_id = told.account_id AND p.sequence > m.mark
            AND (told.events IS NULL OR 'payment.accepted' = ANY(told.events)) AND (told.currencies IS NULL OR p.currency = ANY(told.currencies))
            AND (told.psps IS NULL OR p.psp_id = ANY(told.psps))
            AND (SELECT true FROM delivery_rows r WHERE r.payment_id = p.id AND r.lane = told.lane AND r.event_id IS NULL LIMIT 1) IS NOT TRUE
        """;

    /// <summary>
    /// Makes the rest of the transaction follow indexes rather than sort. Of an account that the planner does not know it thinks that it has as many
    /// payments as the others, and would read and sort a backlog of a million for each page.
    /// </summary>
    public const string Unsorted = "SET LOCAL enable_sort = off";

    /// <summary>Payments p of a lane, beyond its mark, by their number.</summary>
    /// <param name="columns">Of p.</param>
    /// <param name="after">SQL of a number of the account beyond which they are looked for, besides the mark.</param>
    /// <param name="limit">SQL of how many are looked for.</param>
    /// <param name="condition">Further SQL on p, or nothing.</param>
    /// <param name="lane">SQL of the lane, and of when anything is looked for at all.</param>
    /// <param name="order">By their number; nothing when they are only counted.</param>
    /// <remarks>
    /// The lateral query keeps the order of the index, so that no more is read than is asked for, however much waits: surely after <see cref="Unsorted"/>,
    /// without it when few are asked for.
    /// </remarks>
    public static string Select(string columns, string after, string limit, string condition = "", string lane = "$1", string order = "ORDER BY p.sequence") => $"""
        SELECT p.* FROM destinations told JOIN lane_marks m ON m.lane = told.lane CROSS JOIN LATERAL (
            SELECT {columns} FROM payments p WHERE p.sequence > greatest(m.mark, {after}) {condition} AND {OfLane}
            {order} LIMIT {limit}) p
        WHERE told.lane = {lane}
        """;

    /// <summary>Further SQL on the payments p of a lane, for <see cref="Select"/>: only those within one window behind the mark and a number.</summary>
    public static string Within(string after) => $"AND p.sequence <= greatest(m.mark, {after}) + {Window}";

    /// <summary>One row: up to which number <see cref="Within"/> reaches, and the account's last one.</summary>
    public static string Bounds(string after) => $"""
        SELECT greatest(m.mark, {after}) + {Window} AS until, h.sequence AS head
        FROM lane_marks m JOIN destinations t ON t.lane = m.lane JOIN account_heads h ON h.account_id = t.account_id WHERE m.lane = $1
        """;

    /// <summary>SQL of up to which number was looked when there is more behind it, else null.</summary>
    public static string Horizon(string after) => $"(SELECT CASE WHEN head > until THEN until END FROM ({Bounds(after)}) bounds)";

    /// <summary>A delivery as it follows from its payment.</summary>
    public static DueDelivery Of(Payment payment, long lane)
    {
        var key = payment.ReferenceId is { } reference ? Account.Canonical(reference) : null;
        var id = DeliveryId.Of(payment.Id, lane);
        var delivery = new Delivery(id, lane, payment.Id, payment.AccountId!, payment.Sequence!.Value, payment.ReceivedAt) { OrderKey = key, Follows = true };
        return new DueDelivery(id, 0, payment) { OrderKey = key, DueAt = payment.ReceivedAt, Unwritten = delivery };
    }

    /// <summary>Gives rows to all of a lane, page by page, each in a transaction of its own; others may come meanwhile.</summary>
    public static async Task WriteAsync(NpgsqlDataSource database, long lane, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        while (await WritePageAsync(connection, lane, alone: true, cancellation)) { }
    }

    /// <summary>Moves a lane's mark to before the first of them, window by window, each in a transaction of its own; others may come meanwhile.</summary>
    public static async Task PassAsync(NpgsqlDataSource database, long lane, CancellationToken cancellation)
    {
        var more = true;
        while (more)
        {
            await using var command = database.CreateCommand(
                $"""
                WITH bounds AS MATERIALIZED ({Bounds("0")}), first AS MATERIALIZED ({Select("p.sequence", "0", "1", Within("0"))}),
                passed AS (SELECT coalesce((SELECT sequence - 1 FROM first), least(until, head)) AS mark, head FROM bounds)
                UPDATE lane_marks m SET mark = passed.mark FROM passed WHERE m.lane = $1 AND m.mark < passed.mark
                RETURNING passed.mark < passed.head AND NOT EXISTS (SELECT FROM first)
                """).With(Sql.Of(lane));
            more = await command.ExecuteScalarAsync(cancellation) is true;
        }
    }

    /// <summary>
    /// Gives rows to all of a lane in the caller's change, which holds the account's head: from then on what the destination is told of may be another.
    /// </summary>
    public static async Task WriteAsync(Change change, long lane)
    {
        while (await WritePageAsync(change.Connection, lane, alone: false, change.Cancellation)) { }
        await change.RunAsync(
            """
            UPDATE lane_marks m SET since = h.sequence, mark = h.sequence FROM destinations t JOIN account_heads h ON h.account_id = t.account_id
            WHERE t.lane = $1 AND m.lane = t.lane
            """,
            Sql.Of(lane));
    }

    /// <summary>Gives a row to the delivery, if it has none yet.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        if (await FindLaneAsync(connection, id, cancellation) is not { } lane) return;
        await using var command = new NpgsqlCommand($"SELECT {PaymentRow.Taken} FROM payments p WHERE p.id = $1", connection)
            .With(Sql.Of(DeliveryId.Of(id, lane)));
        List<Payment> found;
        await using (var rows = await command.ExecuteReaderAsync(cancellation)) found = await ReadAsync(rows, cancellation);
        await WriteAsync(connection, lane, found, cancellation);
    }

    private static async Task<long?> FindLaneAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        var (first, last) = Payments(id);
        await using var command = new NpgsqlCommand(
            "SELECT lane FROM unwritten_deliveries WHERE payment_id BETWEEN $2 AND $3 AND delivery_id(payment_id, lane) = $1", connection)
            .With(Sql.Of(id), Sql.Of(first), Sql.Of(last));
        return (long?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Between which ids the payment of a delivery without a row is, whatever its lane.</summary>
    public static (Guid First, Guid Last) Payments(Guid delivery)
    {
        Span<byte> bytes = stackalloc byte[16];
        delivery.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[12..].Clear();
        var first = new Guid(bytes, bigEndian: true);
        bytes[12..].Fill(0xFF);
        return (first, new Guid(bytes, bigEndian: true));
    }

    /// <returns>Whether there may be more.</returns>
    private static async Task<bool> WritePageAsync(NpgsqlConnection connection, long lane, bool alone, CancellationToken cancellation)
    {
        var (page, until, head) = await ReadPageAsync(connection, lane, alone, cancellation);
        await WriteAsync(connection, lane, page, cancellation);
        var passed = page.Count == PageMax ? page[^1].Sequence!.Value : Math.Min(until, head);
        // Else each page would look through all those before it, and who comes after us through all of them.
        await using var mark = new NpgsqlCommand("UPDATE lane_marks SET mark = $2 WHERE lane = $1 AND mark < $2", connection).With(Sql.Of(lane), Sql.Of(passed));
        await mark.ExecuteNonQueryAsync(cancellation);
        return passed < head;
    }

    /// <summary>Alone, in a transaction of its own, or in the caller's.</summary>
    private static async Task<(List<Payment> Page, long Until, long Head)> ReadPageAsync(
        NpgsqlConnection connection, long lane, bool alone, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (alone) batch.BatchCommands.Add(Sql.Command("BEGIN READ ONLY"));
        batch.BatchCommands.Add(Sql.Command(Unsorted));
        batch.BatchCommands.Add(Sql.Command(Bounds("0"), Sql.Of(lane))); // before the page: all up to that head is seen by it
        batch.BatchCommands.Add(Sql.Command(Select(PaymentRow.Taken, "0", "$2", Within("0")), Sql.Of(lane), Sql.Of(PageMax)));
        if (alone) batch.BatchCommands.Add(Sql.Command("COMMIT"));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation)) return ([], 0, 0); // there is no such lane any more
        var (until, head) = (rows.GetInt64(0), rows.GetInt64(1));
        await rows.NextResultAsync(cancellation);
        return (await ReadAsync(rows, cancellation), until, head);
    }

    private static async Task<List<Payment>> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        List<Payment> found = [];
        while (await rows.ReadAsync(cancellation)) found.Add(PaymentRow.Read(rows));
        return found;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, long lane, List<Payment> payments, CancellationToken cancellation)
    {
        if (payments.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        // In the order of their ids, as whoever records attempts, so that neither waits for the other in a ring.
        var insert = DeliveryRow.Insert([.. payments.Select(payment => Of(payment, lane).Unwritten!).OrderBy(one => one.Id)]);
        insert.CommandText += " ON CONFLICT (id) DO NOTHING"; // whoever tried it meanwhile has written it
        batch.BatchCommands.Add(insert);
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
