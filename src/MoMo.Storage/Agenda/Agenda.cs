using Npgsql;

namespace MoMo.Storage;

/// <summary>
/// Everything that is due later. A row is claimed by one silo at a time, for as long as its lease; a silo that dies loses it to the others when
/// the lease ends. Claiming leaves the due time as it is: whoever wakes a row that is being worked on writes nothing.
/// </summary>
public sealed class Agenda(NpgsqlDataSource database)
{
    /// <summary>Claims what is due and nobody holds, the longest due first.</summary>
    /// <param name="kind">What kind of work.</param>
    /// <param name="max">From 1 to 10,000.</param>
    /// <param name="lease">How long it is ours; see <see cref="RenewAsync(AgendaItem, DateTimeOffset, CancellationToken)"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the wait. Rows may be claimed all the same; they come back when the lease ends.</param>
    public async Task<IReadOnlyList<AgendaItem>> ClaimAsync(string kind, int max, TimeSpan lease, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 10_000);
        await using var command = database.CreateCommand(
            """
            WITH due AS MATERIALIZED (
                SELECT kind, key FROM agenda
                WHERE kind = $1 AND due_at <= $2 AND due_at < 'infinity' AND leased_until <= $2
                ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
            UPDATE agenda a SET lease = a.lease + 1, leased_until = $3
            FROM due WHERE a.kind = due.kind AND a.key = due.key
            RETURNING a.key, a.due_at, a.lease
            """);
        command.Parameters.Add(Sql.Of(kind));
        command.Parameters.Add(Sql.Time(now));
        command.Parameters.Add(Sql.Time(now + lease));
        command.Parameters.Add(Sql.Of(max));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<AgendaItem> claimed = [];
        while (await rows.ReadAsync(cancellation))
            claimed.Add(new AgendaItem(kind, rows.GetString(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetInt64(2)));
        claimed.Sort(static (one, other) => one.DueAt.CompareTo(other.DueAt)); // UPDATE returns in no order
        return claimed;
    }

    /// <summary>Keeps what was claimed until another time.</summary>
    /// <returns>False when it is no longer ours: stop working on it, record nothing.</returns>
    public async Task<bool> RenewAsync(AgendaItem item, DateTimeOffset until, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        return (await RenewAsync(item.Kind, [(item.Key, item.Lease)], until, cancellation)).Count == 1;
    }

    /// <summary>Keeps all that was claimed of a kind until another time.</summary>
    /// <param name="kind">What kind of work.</param>
    /// <param name="held">Key and lease of each; none twice.</param>
    /// <param name="until">When the leases end.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Those that are still ours, in no order: stop working on the others, record nothing.</returns>
    internal async Task<IReadOnlyList<(string Key, long Lease)>> RenewAsync(
        string kind, IReadOnlyCollection<(string Key, long Lease)> held, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE agenda a SET leased_until = $4 FROM unnest($2, $3) AS g (key, lease)
            WHERE a.kind = $1 AND a.key = g.key AND a.lease = g.lease AND a.leased_until > '-infinity' RETURNING a.key, a.lease
            """).With(Sql.Of(kind), Sql.Of(held.Select(one => one.Key).ToArray()), Sql.Of(held.Select(one => one.Lease).ToArray()), Sql.Time(until));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<(string, long)> renewed = new(held.Count);
        while (await rows.ReadAsync(cancellation)) renewed.Add((rows.GetString(0), rows.GetInt64(1)));
        return renewed;
    }

    /// <summary>
    /// Lets go of what was claimed, in the caller's transaction. The caller has locked, earlier in this transaction, what everyone locks who makes
    /// such a row due (an account's head, an adapter's row) and has looked what is left to do since; so nothing new can be slept over.
    /// </summary>
    /// <param name="connection">With the caller's transaction.</param>
    /// <param name="item">What was claimed.</param>
    /// <param name="nextDue">When it is due again; null: nothing to do until somebody makes it due.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when it is no longer ours: roll back.</returns>
    public static async Task<bool> ReleaseAsync(
        NpgsqlConnection connection, AgendaItem item, DateTimeOffset? nextDue, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        await using var command = new NpgsqlCommand(
            "UPDATE agenda SET due_at = coalesce($4, 'infinity'), leased_until = '-infinity' WHERE kind = $1 AND key = $2 AND lease = $3", connection)
        {
            Parameters = { Sql.Of(item.Kind), Sql.Of(item.Key), Sql.Of(item.Lease), Sql.Time(nextDue) },
        };
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Lets go of what was claimed, in a transaction of its own: only for work that nobody else makes due.</summary>
    /// <returns>False when it is no longer ours.</returns>
    public async Task<bool> ReleaseAsync(AgendaItem item, DateTimeOffset? nextDue, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await ReleaseAsync(connection, item, nextDue, cancellation);
    }

    /// <summary>When the next row of a kind can be claimed: due, and held by nobody; null when nothing is due at any time.</summary>
    public async Task<DateTimeOffset?> FindNextAsync(string kind, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT greatest(due_at, leased_until) FROM agenda WHERE kind = $1 AND due_at < 'infinity' ORDER BY 1 LIMIT 1");
        command.Parameters.Add(Sql.Of(kind));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? rows.GetFieldValue<DateTimeOffset>(0) : null;
    }

    /// <summary>Says when something is due, whoever holds it, in the caller's transaction; makes the row when there is none.</summary>
    /// <param name="connection">With the caller's transaction.</param>
    /// <param name="kind">What kind of work.</param>
    /// <param name="key">Which one.</param>
    /// <param name="dueAt">When; null: not until further notice.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task SetAsync(NpgsqlConnection connection, string kind, string key, DateTimeOffset? dueAt, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO agenda (kind, key, due_at) VALUES ($1, $2, coalesce($3, 'infinity'))
            ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at
            """,
            connection)
        {
            Parameters = { Sql.Of(kind), Sql.Of(key), Sql.Time(dueAt) },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Strikes something off, in the caller's transaction. Its holder, if any, notices when letting go.</summary>
    public static async Task RemoveAsync(NpgsqlConnection connection, string kind, string key, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("DELETE FROM agenda WHERE kind = $1 AND key = $2", connection)
        {
            Parameters = { Sql.Of(kind), Sql.Of(key) },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
