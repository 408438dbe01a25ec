using MoMo.Domain.Adapters;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Adapters;

/// <summary>Tells destinations that asked for it that an adapter came into another state, in the transaction that wrote so.</summary>
internal static class AdapterNewsTable
{
    private const int HeadsWaitMilliseconds = 500;

    public static async Task AddAsync(Change change, Ids ids, string adapter, AdapterLiveness state, DateTimeOffset now)
    {
        const string wanted = "events @> ARRAY['adapter.state'] AND (psps IS NULL OR (SELECT psp_id FROM adapters WHERE id = $1) = ANY(psps))";
        var accounts = await ReadAsync(change, $"SELECT DISTINCT account_id FROM destinations WHERE {wanted}", rows => rows.GetString(0), Sql.Of(adapter));
        if (accounts.Count == 0) return;

        // The heads first, as everybody who adds deliveries; in the order that turns have. Of who asks for it just now, the head is not held: it is told
        // of the next state. Behind one that somebody holds for long, the others' payments must not wait: then the state is written the next time.
        await change.RunAsync($"SET LOCAL lock_timeout = {HeadsWaitMilliseconds}");
        await change.RunAsync("SELECT FROM account_heads WHERE account_id = ANY($1) ORDER BY account_id FOR UPDATE", Sql.Of(accounts.ToArray()));
        await change.RunAsync("SET LOCAL lock_timeout TO DEFAULT");
        var lanes = await ReadAsync(
            change, $"SELECT lane, account_id FROM destinations WHERE {wanted} AND account_id = ANY($2) ORDER BY lane",
            rows => (Lane: rows.GetInt64(0), Account: rows.GetString(1)), Sql.Of(adapter), Sql.Of(accounts.ToArray()));

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

    private static async Task<List<T>> ReadAsync<T>(Change change, string statement, Func<NpgsqlDataReader, T> read, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(statement, change.Connection).With(parameters);
        await using var rows = await command.ExecuteReaderAsync(change.Cancellation);
        List<T> found = [];
        while (await rows.ReadAsync(change.Cancellation)) found.Add(read(rows));
        return found;
    }
}
