using MoMo.Domain.Channels;
using MoMo.Engine;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Channels;

/// <summary>Channels of adapters: their configuration, how they do, what was asked of them.</summary>
public sealed class ChannelStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Kind of agenda row that a channel has; its key is the adapter's id.</summary>
    public const string AgendaKind = "channel";

    private const string Columns =
        """
        adapter_id, kind, settings, channel_secret, position, state, detail, failures, looked_at, worked_at,
        taken, set_aside, aside_detail, payments_new, payments_known, version, created_at, aside_at, acknowledged_at
        """;

    /// <summary>What a channel's secret is sealed for.</summary>
    public static string Purpose(string adapter) => $"channel:{adapter}";

    /// <summary>The adapter's channel, or null.</summary>
    public Task<ChannelRow?> FindAsync(string adapter, CancellationToken cancellation) =>
        database.FindAsync($"SELECT {Columns} FROM channels WHERE adapter_id = $1", Read, cancellation, Sql.Of(adapter));

    /// <summary>The channels of several adapters.</summary>
    public async Task<IReadOnlyDictionary<string, ChannelRow>> FindAsync(IReadOnlyList<string> adapters, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        var found = await database.ListAsync(
            $"SELECT {Columns} FROM channels WHERE adapter_id = ANY($1)", Read, cancellation, Sql.Of(adapters.ToArray()));
        return found.ToDictionary(row => row.Adapter);
    }

    /// <summary>Gives an adapter a channel, or changes the one that it has. The next look is due at once.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="kind">Of the channel; another kind forgets what was seen.</param>
    /// <param name="settings">Checked already.</param>
    /// <param name="secret">Sealed; null keeps the one that is there, unless the kind changes.</param>
    /// <param name="keeps">Says of a channel of this kind why its secret can't be kept with the new settings; null when it can.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The channel, or <c>adapter-unknown</c>, or what <paramref name="keeps"/> says.</returns>
    public Task<Outcome<ChannelRow>> SetAsync(
        string adapter, string kind, string settings, string? secret, Func<ChannelRow, Refusal?> keeps, CancellationToken cancellation) =>
        Change.RunAsync<ChannelRow>(
            database,
            async change =>
            {
                if (!await change.AnyAsync("SELECT 1 FROM adapters WHERE id = $1 FOR NO KEY UPDATE", Sql.Of(adapter))) return Unknown.Adapter(adapter);
                await change.RunAsync("DELETE FROM channels WHERE adapter_id = $1 AND kind <> $2", Sql.Of(adapter), Sql.Of(kind));
                // The adapter is held: nobody changes its channel meanwhile.
                if (secret is null
                    && await change.FindAsync($"SELECT {Columns} FROM channels WHERE adapter_id = $1", Read, Sql.Of(adapter)) is { SealedSecret: not null } stored
                    && keeps(stored) is { } refusal)
                    return refusal;
                var now = clock.GetUtcNow();
                var row = await change.FindAsync(
                    $"""
                    INSERT INTO channels (adapter_id, kind, settings, channel_secret, asked_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)
                    ON CONFLICT (adapter_id) DO UPDATE SET settings = excluded.settings, asked_at = excluded.asked_at, failures = 0,
                        channel_secret = coalesce(excluded.channel_secret, channels.channel_secret), version = channels.version + 1
                    RETURNING {Columns}
                    """,
                    Read, Sql.Of(adapter), Sql.Of(kind), Sql.Of(settings), Sql.Text(secret), Sql.Time(now));
                await Agenda.SetAsync(change.Connection, AgendaKind, adapter, now, change.Cancellation);
                return row!;
            },
            cancellation);

    /// <summary>Takes an adapter's channel away. What came through it stays.</summary>
    /// <returns>It as it was, or <c>adapter-unknown</c>, <c>channel-unknown</c>.</returns>
    public Task<Outcome<ChannelRow>> RemoveAsync(string adapter, CancellationToken cancellation) => Change.RunAsync<ChannelRow>(
        database,
        async change =>
        {
            if (!await change.AnyAsync("SELECT 1 FROM adapters WHERE id = $1 FOR NO KEY UPDATE", Sql.Of(adapter))) return Unknown.Adapter(adapter);
            var row = await change.FindAsync($"DELETE FROM channels WHERE adapter_id = $1 RETURNING {Columns}", Read, Sql.Of(adapter));
            if (row is null) return Missing(adapter);
            await Agenda.RemoveAsync(change.Connection, AgendaKind, adapter, change.Cancellation);
            return row;
        },
        cancellation);

    /// <summary>Wants a look now.</summary>
    /// <returns>The channel, or <c>channel-unknown</c>.</returns>
    public Task<Outcome<ChannelRow>> AskAsync(string adapter, CancellationToken cancellation) =>
        Change.RunAsync<ChannelRow>(database, change => AskAsync(change, adapter), cancellation);

    /// <summary>
    /// Somebody has seen to what was set aside until now: it no longer counts against the adapter, whose next look, which says so, is due at once.
    /// </summary>
    /// <returns>The channel, or <c>channel-unknown</c>.</returns>
    public Task<Outcome<ChannelRow>> AcknowledgeAsync(string adapter, CancellationToken cancellation) => Change.RunAsync<ChannelRow>(
        database,
        async change =>
        {
            await change.RunAsync("UPDATE channels SET acknowledged_at = $2 WHERE adapter_id = $1", Sql.Of(adapter), Sql.Time(clock.GetUtcNow()));
            return await AskAsync(change, adapter);
        },
        cancellation);

    /// <summary>Ends a look: records how it went, and lets go of it until it is due again, or at once when somebody asked meanwhile.</summary>
    /// <param name="item">The claimed agenda row.</param>
    /// <param name="row">The channel as the look found it.</param>
    /// <param name="health">How it does now.</param>
    /// <param name="dueAt">When to look again.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when the look was no longer ours, or of another channel than there is now, and nothing was recorded.</returns>
    public async Task<bool> EndAsync(
        AgendaItem item, ChannelRow row, ChannelHealth health, DateTimeOffset dueAt, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(health);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var update = new NpgsqlCommand(
            """
            UPDATE channels SET state = $2, detail = $3, failures = $4, looked_at = $5, worked_at = $6
            WHERE adapter_id = $1 AND created_at = $7 RETURNING asked_at > $5
            """,
            connection).With(
                Sql.Of(row.Adapter), Sql.Of(health.State), Sql.Text(health.Detail), Sql.Of(health.Failures), Sql.Time(health.LookedAt),
                Sql.Time(health.WorkedAt), Sql.Time(row.CreatedAt));
        var asked = await update.ExecuteScalarAsync(cancellation) as bool?; // null: another channel is in the place of that one, and was not looked at yet
        if (!await Agenda.ReleaseAsync(connection, item, asked is false ? dueAt : clock.GetUtcNow(), cancellation)) return false;
        await transaction.CommitAsync(cancellation);
        return asked is not null;
    }

    /// <summary>Counts what came, at once: a look that breaks off later has taken it all the same.</summary>
    public async Task CountAsync(string adapter, ChannelTally found, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(found);
        await using var command = database.CreateCommand(
            """
            UPDATE channels SET taken = taken + $2, set_aside = set_aside + $3, aside_detail = coalesce($4, aside_detail),
                aside_at = CASE WHEN $4 IS NULL THEN aside_at ELSE $5 END, payments_new = payments_new + $6, payments_known = payments_known + $7
            WHERE adapter_id = $1
            """)
            .With(
                Sql.Of(adapter), Sql.Of(found.Taken), Sql.Of(found.SetAside), Sql.Text(found.AsideDetail), Sql.Time(clock.GetUtcNow()),
                Sql.Of(found.PaymentsNew), Sql.Of(found.PaymentsKnown));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Remembers how far the channel has come. Refused when another silo has the channel by now, or there is another in its place.</summary>
    public async Task<bool> MoveAsync(AgendaItem item, ChannelRow row, string position, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(row);
        await using var command = database.CreateCommand(
            """
            UPDATE channels SET position = $2 WHERE adapter_id = $1 AND created_at = $3
                AND EXISTS (SELECT 1 FROM agenda WHERE kind = $4 AND key = $1 AND lease = $5)
            """)
            .With(Sql.Of(row.Adapter), Sql.Of(position), Sql.Time(row.CreatedAt), Sql.Of(AgendaKind), Sql.Of(item.Lease));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>The refusal of what has no channel.</summary>
    public static Refusal Missing(string adapter) => new("channel-unknown", $"Adapter '{adapter}' has no channel.");

    internal async Task<Outcome<ChannelRow>> AskAsync(Change change, string adapter)
    {
        var now = clock.GetUtcNow();
        var row = await change.FindAsync($"UPDATE channels SET asked_at = $2 WHERE adapter_id = $1 RETURNING {Columns}", Read, Sql.Of(adapter), Sql.Time(now));
        if (row is null) return Missing(adapter);
        await Agenda.SetAsync(change.Connection, AgendaKind, adapter, now, change.Cancellation);
        return row;
    }

    private static ChannelRow Read(NpgsqlDataReader rows) => new(
        rows.GetString(0),
        rows.GetString(1),
        rows.GetString(2),
        rows.TextOrNull(3),
        rows.TextOrNull(4),
        new ChannelHealth(rows.GetString(5), rows.TextOrNull(6), rows.GetInt32(7), rows.TimeOrNull(8), rows.TimeOrNull(9)),
        new ChannelTally(rows.GetInt64(10), rows.GetInt64(11), rows.TextOrNull(12), rows.GetInt64(13), rows.GetInt64(14)),
        rows.GetInt64(15),
        rows.GetFieldValue<DateTimeOffset>(16),
        rows.TimeOrNull(17),
        rows.TimeOrNull(18));
}
