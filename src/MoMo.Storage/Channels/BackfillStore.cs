using MoMo.Domain.Channels;
using MoMo.Engine;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Channels;

/// <summary>Stretches of time that somebody wants fetched again.</summary>
public sealed class BackfillStore(NpgsqlDataSource database, ChannelStore channels, Ids ids, TimeProvider clock)
{
    /// <summary>Backfills of one adapter that may wait.</summary>
    public const int WaitingMax = 20;

    private const string Columns =
        """
        id, adapter_id, from_at, to_at, done_to, state, detail, files, payments_new, payments_known, conflicts, faults, asked_at, ended_at
        """;

    /// <summary>Asks for a stretch of time. The channel's next look, which is due at once, begins with it.</summary>
    /// <returns>The backfill, or <c>channel-unknown</c>, <c>backfills-full</c>.</returns>
    public Task<Outcome<Backfill>> AskAsync(string adapter, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        Change.RunAsync<Backfill>(
            database,
            async change =>
            {
                if ((await channels.AskAsync(change, adapter)).Refused is { } refusal) return refusal;
                if (await change.AnyAsync(
                    "SELECT 1 FROM channel_backfills WHERE adapter_id = $1 AND state = 'waiting' OFFSET $2 LIMIT 1", Sql.Of(adapter), Sql.Of(WaitingMax - 1)))
                    return new Refusal("backfills-full", $"{WaitingMax} backfills of adapter '{adapter}' are waiting, the most there may be.");
                var made = await change.FindAsync(
                    $"INSERT INTO channel_backfills (id, adapter_id, from_at, to_at, done_to, asked_at) VALUES ($1, $2, $3, $4, $3, $5) RETURNING {Columns}",
                    Read, Sql.Of(ids.Next()), Sql.Of(adapter), Sql.Time(from), Sql.Time(to), Sql.Time(clock.GetUtcNow()));
                return made!;
            },
            cancellation);

    /// <summary>The oldest that waits, or null.</summary>
    public Task<Backfill?> NextAsync(string adapter, CancellationToken cancellation) => database.FindAsync(
        $"SELECT {Columns} FROM channel_backfills WHERE adapter_id = $1 AND state = 'waiting' ORDER BY id LIMIT 1", Read, cancellation, Sql.Of(adapter));

    /// <summary>Backfills of an adapter, the newest first; 100 at most.</summary>
    public Task<IReadOnlyList<Backfill>> ListAsync(string adapter, CancellationToken cancellation) => database.ListAsync(
        $"SELECT {Columns} FROM channel_backfills WHERE adapter_id = $1 ORDER BY id DESC LIMIT 100", Read, cancellation, Sql.Of(adapter));

    /// <summary>Records how far a backfill has come, and what it found on the way.</summary>
    public async Task AdvanceAsync(Backfill backfill, DateTimeOffset doneTo, ChannelTally found, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(backfill);
        ArgumentNullException.ThrowIfNull(found);
        var ended = doneTo >= backfill.To;
        await using var command = database.CreateCommand(
            """
            UPDATE channel_backfills SET done_to = $2, state = $3, detail = NULL, files = files + $4, payments_new = payments_new + $5,
                payments_known = payments_known + $6, conflicts = conflicts + $7, faults = faults + $8, ended_at = $9 WHERE id = $1
            """)
            .With(
                Sql.Of(backfill.Id), Sql.Time(doneTo), Sql.Of(ended ? "done" : "waiting"), Sql.Of(found.Taken), Sql.Of(found.PaymentsNew),
                Sql.Of(found.PaymentsKnown), Sql.Of(found.Conflicts), Sql.Of(found.Faults), Sql.Time(ended ? clock.GetUtcNow() : null));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Says what keeps a backfill.</summary>
    public async Task HoldAsync(Backfill backfill, string detail, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(backfill);
        await using var command = database.CreateCommand("UPDATE channel_backfills SET detail = $2 WHERE id = $1").With(Sql.Of(backfill.Id), Sql.Of(detail));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static Backfill Read(NpgsqlDataReader rows) => new()
    {
        Id = rows.GetGuid(0),
        Adapter = rows.GetString(1),
        From = rows.GetFieldValue<DateTimeOffset>(2),
        To = rows.GetFieldValue<DateTimeOffset>(3),
        DoneTo = rows.GetFieldValue<DateTimeOffset>(4),
        State = rows.GetString(5),
        Detail = rows.TextOrNull(6),
        Tally = new ChannelTally(
            Taken: rows.GetInt64(7), PaymentsNew: rows.GetInt64(8), PaymentsKnown: rows.GetInt64(9), Conflicts: rows.GetInt64(10), Faults: rows.GetInt64(11)),
        AskedAt = rows.GetFieldValue<DateTimeOffset>(12),
        EndedAt = rows.TimeOrNull(13),
    };
}
