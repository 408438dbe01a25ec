using MoMo.Domain.Adapters;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Adapters;

/// <summary>
/// Counts what adapters bring, in memory, and adds it to the database in batches: no payment waits for it. What a killed silo had not written yet, some
/// seconds' worth, is missing in the counts; the payments themselves are not.
/// </summary>
public sealed class AdapterFlow(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Kind of the agenda row for learning what is usual; it is due two minutes after each hour, when all silos have written theirs.</summary>
    public const string AgendaKind = "adapter-flow";

    private const int WeeksMax = 8;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(2);
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private readonly Lock gate = new();
    private Dictionary<(string Adapter, long Slot), Count> counts = [];

    /// <summary>An adapter brought a payment.</summary>
    /// <param name="adapter">The adapter; null counts for nobody.</param>
    /// <param name="taken">Whether it was taken.</param>
    public void Add(string? adapter, bool taken)
    {
        if (adapter is null) return;
        var now = clock.GetUtcNow();
        lock (gate)
        {
            var key = (adapter, now.UtcTicks / Slot.Ticks);
            var count = counts.GetValueOrDefault(key);
            counts[key] = taken ? count with { Taken = count.Taken + 1, LastAt = now } : count with { Refused = count.Refused + 1 };
        }
    }

    /// <summary>
    /// Writes what was counted since the last time. What can't be written is kept for the next, for as long as it would be kept in the database.
    /// </summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        Dictionary<(string Adapter, long Slot), Count> now;
        lock (gate) (now, counts) = (counts, []);
        if (now.Count == 0) return;
        try
        {
            await WriteAsync(now, cancellation);
        }
        catch
        {
            var oldest = (clock.GetUtcNow() - KeptFor).UtcTicks / Slot.Ticks;
            lock (gate)
            {
                foreach (var (key, count) in now.Where(one => one.Key.Slot >= oldest))
                {
                    var since = counts.GetValueOrDefault(key);
                    counts[key] = new Count(count.Taken + since.Taken, count.Refused + since.Refused, since.LastAt ?? count.LastAt);
                }
            }

            throw;
        }
    }

    /// <summary>Adds the last hour to what is usual, once, whichever silo does it. Hours in which no silo ran teach nothing.</summary>
    /// <param name="item">The claimed agenda row; let go of in the same transaction.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task LearnAsync(AgendaItem item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        var now = clock.GetUtcNow();
        var end = AdapterActivity.HourOf(now - Grace);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var change = new Management.Change(connection, cancellation);
        if (item.DueAt == end + Grace)
        {
            var hour = end.AddHours(-1);
            await change.RunAsync(
                $"""
                INSERT INTO adapter_flow AS f (adapter_id, hour_of_week, weeks, payments)
                SELECT a.id, $3, 1, coalesce(sum(c.payments), 0)
                FROM adapters a LEFT JOIN adapter_counts c ON c.adapter_id = a.id AND c.slot >= $1 AND c.slot < $2
                WHERE NOT a.archived AND a.last_payment_at IS NOT NULL GROUP BY a.id
                ON CONFLICT (adapter_id, hour_of_week) DO UPDATE SET
                    weeks = least(f.weeks + 1, {WeeksMax}),
                    payments = CASE WHEN f.weeks < {WeeksMax} THEN f.payments ELSE f.payments - f.payments / {WeeksMax} END + excluded.payments
                """,
                Sql.Time(hour), Sql.Time(end), Sql.Of((short)AdapterActivity.HourOfWeek(hour)));
            await change.RunAsync("DELETE FROM adapter_counts WHERE slot < $1", Sql.Time(now - KeptFor));
        }

        if (!await Agenda.ReleaseAsync(connection, item, end.AddHours(1) + Grace, cancellation)) return;
        await transaction.CommitAsync(cancellation);
    }

    private async Task WriteAsync(Dictionary<(string Adapter, long Slot), Count> now, CancellationToken cancellation)
    {
        // In one order everywhere, so that two silos that write at once never wait for each other in a ring.
        var rows = now.OrderBy(one => one.Key.Adapter, StringComparer.Ordinal).ThenBy(one => one.Key.Slot).ToList();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        NpgsqlParameter[] Parameters() =>
        [
            Sql.Of(rows.ConvertAll(one => one.Key.Adapter).ToArray()),
            Sql.Times([.. rows.Select(one => (DateTimeOffset?)new DateTimeOffset(one.Key.Slot * Slot.Ticks, TimeSpan.Zero))]),
            new() { Value = rows.ConvertAll(one => one.Value.Taken).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            new() { Value = rows.ConvertAll(one => one.Value.Refused).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        ];
        batch.BatchCommands.Add(Sql.Command(
            """
            INSERT INTO adapter_counts AS c (adapter_id, slot, payments, refused)
            SELECT g.* FROM unnest($1, $2, $3, $4) AS g (adapter_id, slot, payments, refused) JOIN adapters a ON a.id = g.adapter_id
            ON CONFLICT (adapter_id, slot) DO UPDATE SET payments = c.payments + excluded.payments, refused = c.refused + excluded.refused
            """,
            Parameters()));
        batch.BatchCommands.Add(Sql.Command(
            """
            UPDATE adapters a SET last_payment_at = g.at FROM (
                SELECT id, max(at) AS at FROM unnest($1, $2) AS g (id, at) WHERE at IS NOT NULL GROUP BY id) g
            WHERE a.id = g.id AND (a.last_payment_at IS NULL OR a.last_payment_at < g.at)
            """,
            Sql.Of(rows.ConvertAll(one => one.Key.Adapter).ToArray()),
            Sql.Times([.. rows.Select(one => one.Value.LastAt)])));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private readonly record struct Count(long Taken, long Refused, DateTimeOffset? LastAt);
}
