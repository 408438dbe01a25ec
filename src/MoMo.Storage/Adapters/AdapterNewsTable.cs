using MoMo.Domain.Adapters;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;

namespace MoMo.Storage.Adapters;

/// <summary>Tells destinations that asked for it that an adapter came into another state, in the transaction that wrote so.</summary>
internal static class AdapterNewsTable
{
    public static async Task AddAsync(Change change, Ids ids, string adapter, AdapterLiveness state, DateTimeOffset now)
    {
        const string wanted = "events @> ARRAY['adapter.state'] AND (psps IS NULL OR (SELECT psp_id FROM adapters WHERE id = $1) = ANY(psps))";
        if (!await change.AnyAsync($"SELECT 1 FROM destinations WHERE {wanted} LIMIT 1", Sql.Of(adapter))) return;

        // The heads first, as everybody who adds deliveries; in the order that turns have.
        await change.RunAsync(
            $"SELECT FROM account_heads WHERE account_id IN (SELECT account_id FROM destinations WHERE {wanted}) ORDER BY account_id FOR UPDATE", Sql.Of(adapter));
        List<(long Lane, string Account)> lanes = [];
        await using (var command = new Npgsql.NpgsqlCommand($"SELECT lane, account_id FROM destinations WHERE {wanted} ORDER BY lane", change.Connection)
            .With(Sql.Of(adapter)))
        {
            await using var rows = await command.ExecuteReaderAsync(change.Cancellation);
            while (await rows.ReadAsync(change.Cancellation)) lanes.Add((rows.GetInt64(0), rows.GetString(1)));
        }

        var news = ids.Next();
        await change.RunAsync(
            "INSERT INTO adapter_events (id, adapter_id, psp_id, state, detail, at) SELECT $2, id, psp_id, $3, $4, $5 FROM adapters WHERE id = $1",
            Sql.Of(adapter), Sql.Of(news), Sql.Of(state.State), Sql.Text(state.Detail), Sql.Time(state.Since ?? now));
        await change.RunAsync(
            """
            INSERT INTO delivery_rows (id, lane, event_id, account_id, sequence, due_at, created_at)
            SELECT id, lane, $4, account_id, 0, $5, $5 FROM unnest($1, $2, $3) AS g (id, lane, account_id)
            """,
            Sql.Of(lanes.ConvertAll(_ => ids.Next()).ToArray()), Sql.Of(lanes.ConvertAll(one => one.Lane).ToArray()),
            Sql.Of(lanes.ConvertAll(one => one.Account).ToArray()), Sql.Of(news), Sql.Time(now));
        await change.RunAsync(
            """
            UPDATE agenda g SET due_at = $2 FROM destinations t
            WHERE t.lane = ANY($1) AND NOT t.paused AND g.kind = 'lane' AND g.key = t.lane::text AND g.due_at > $2
            """,
            Sql.Of(lanes.ConvertAll(one => one.Lane).ToArray()), Sql.Time(now));
    }
}
