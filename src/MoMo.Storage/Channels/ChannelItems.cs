using MoMo.Domain.Channels;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Channels;

/// <summary>What was seen in channels, so that it is fetched once however long it lies there.</summary>
public sealed class ChannelItems(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How long what is gone from a channel is remembered.</summary>
    public static readonly TimeSpan MemoryMax = TimeSpan.FromDays(90);

    /// <summary>Notes what is listed now.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="identities">Each once; at most 10,000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is remembered of each.</returns>
    public async Task<IReadOnlyDictionary<string, KnownItem>> SeeAsync(string adapter, IReadOnlyList<string> identities, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(identities);
        var now = clock.GetUtcNow();
        var known = await database.ListAsync(
            """
            INSERT INTO channel_items (adapter_id, identity, state, due_at, seen_at, listed_at)
            SELECT $1, identity, 'seen', $3, $3, $3 FROM unnest($2) AS identity
            ON CONFLICT (adapter_id, identity) DO UPDATE SET listed_at = excluded.listed_at
            RETURNING identity, state, detail, tries, due_at, seen_at
            """,
            rows => (rows.GetString(0), Item: new KnownItem(
                rows.GetString(1), rows.TextOrNull(2), rows.GetInt32(3), rows.GetFieldValue<DateTimeOffset>(4), rows.GetFieldValue<DateTimeOffset>(5))),
            cancellation, Sql.Of(adapter), Sql.Of(identities.ToArray()), Sql.Time(now));
        return known.ToDictionary(one => one.Item1, one => one.Item);
    }

    /// <summary>Remembers what became of an item.</summary>
    public async Task MarkAsync(string adapter, string identity, string state, string? detail, int tries, DateTimeOffset dueAt, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "UPDATE channel_items SET state = $3, detail = $4, tries = $5, due_at = $6 WHERE adapter_id = $1 AND identity = $2")
            .With(Sql.Of(adapter), Sql.Of(identity), Sql.Of(state), Sql.Text(detail), Sql.Of(tries), Sql.Time(dueAt));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Forgets what has not been listed for <see cref="MemoryMax"/>; at most 10,000 at once.</summary>
    public async Task ForgetAsync(string adapter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            DELETE FROM channel_items WHERE (adapter_id, identity) IN (
                SELECT adapter_id, identity FROM channel_items WHERE adapter_id = $1 AND listed_at < $2 LIMIT 10000)
            """)
            .With(Sql.Of(adapter), Sql.Time(clock.GetUtcNow() - MemoryMax));
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
