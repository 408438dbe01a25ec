using MoMo.Domain.Deliveries;
using MoMo.Storage.Deliveries;
using Npgsql;

namespace MoMo.Storage;

/// <summary>Counts what waits. Costs the same however many payments there are.</summary>
public sealed class OverviewStore(NpgsqlDataSource database)
{
    /// <summary>No count goes on past this.</summary>
    public const int CountMax = 10_000;

    /// <summary>Counts now.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Overview> ReadAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection) { Timeout = 5 };
        batch.BatchCommands.Add(new("BEGIN READ ONLY"));
        // The partial indexes hold just what is counted; without its statistics the planner might read the whole table instead.
        batch.BatchCommands.Add(new("SET LOCAL enable_seqscan = off"));
        batch.BatchCommands.Add(new("SELECT state, count(*) FROM adapters WHERE NOT archived GROUP BY state"));
        batch.BatchCommands.Add(Sql.Command(
            $"""
            SELECT word, (SELECT count(*) FROM (SELECT FROM destinations WHERE paused_reason = word LIMIT {CountMax}) paused) FROM unnest($1) word
            """,
            Sql.Of(DeliveryWords.PauseReasons.ToArray())));
        // A destination is looked up for each breaker: what a pause keeps of it is not open.
        batch.BatchCommands.Add(new(
            $"""
            SELECT
                (SELECT least(count(*), {CountMax}) FROM (
                    (SELECT FROM delivery_rows WHERE state = 'pending' AND NOT waits ORDER BY lane, sequence LIMIT {CountMax}) UNION ALL
                    (SELECT FROM delivery_rows WHERE state = 'pending' AND waits ORDER BY lane, due_at, sequence LIMIT {CountMax}) UNION ALL
                    (SELECT FROM busy_lanes b JOIN lane_marks m ON m.lane = b.lane CROSS JOIN LATERAL (
                        SELECT FROM unwritten_deliveries u WHERE u.lane = b.lane AND u.sequence <= m.mark + {UnwrittenDeliveries.Window} LIMIT {CountMax}) u
                        LIMIT {CountMax})) pending),
                (SELECT count(*) FROM (SELECT FROM delivery_rows WHERE state = 'dead' ORDER BY id LIMIT {CountMax}) dead),
                (SELECT count(*) FROM (SELECT FROM suspended ORDER BY payment_id LIMIT {CountMax}) suspended),
                (SELECT count(*) FROM (SELECT lane FROM lane_states WHERE opened > 0 ORDER BY lane LIMIT {CountMax}) opened
                    WHERE (SELECT t.breaker AND NOT t.paused FROM destinations t WHERE t.lane = opened.lane))
            """));
        batch.BatchCommands.Add(new("COMMIT"));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        Dictionary<string, long> adapters = new() { ["new"] = 0, ["up"] = 0, ["degraded"] = 0, ["silent"] = 0, ["down"] = 0 };
        while (await rows.ReadAsync(cancellation)) adapters[rows.GetString(0)] = rows.GetInt64(1);
        await rows.NextResultAsync(cancellation);
        Dictionary<string, long> paused = [];
        while (await rows.ReadAsync(cancellation)) paused[rows.GetString(0)] = rows.GetInt64(1);
        await rows.NextResultAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return new Overview(adapters, rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), paused, rows.GetInt64(3));
    }
}
