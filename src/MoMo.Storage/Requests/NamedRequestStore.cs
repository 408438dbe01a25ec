using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Requests;

/// <summary>Remembers requests that callers named, and their answers, for <see cref="KeptFor"/>.</summary>
public sealed class NamedRequestStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How long a name stands for its request: longer than anybody repeats one.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>Requests that are forgotten in one transaction, at most.</summary>
    public const int BatchMax = 1_000;

    /// <summary>Begins a request, unless one of this name came before.</summary>
    /// <returns>The one that came before; null when this is the first, and the caller is to do it.</returns>
    public async Task<EarlierRequest?> BeginAsync(NamedRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        while (true)
        {
            await using var insert = new NpgsqlCommand(
                "INSERT INTO named_requests (caller, name, sha256, begun_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", connection)
                .With(Sql.Of(request.Caller), Sql.Of(request.Name), Sql.Of(request.Sha256), Sql.Time(now));
            if (await insert.ExecuteNonQueryAsync(cancellation) > 0) return null;
            await using var find = new NpgsqlCommand(
                "SELECT sha256 = $3, begun_at, status, answer FROM named_requests WHERE caller = $1 AND name = $2", connection)
                .With(Sql.Of(request.Caller), Sql.Of(request.Name), Sql.Of(request.Sha256));
            await using var rows = await find.ExecuteReaderAsync(cancellation);
            if (!await rows.ReadAsync(cancellation)) continue; // it came to nothing meanwhile
            return new EarlierRequest(
                rows.GetBoolean(0), rows.GetFieldValue<DateTimeOffset>(1), rows.IsDBNull(2) ? null : rows.GetInt32(2), rows.TextOrNull(3));
        }
    }

    /// <summary>It is done: whoever sends it again is answered like this.</summary>
    /// <param name="request">Begun before.</param>
    /// <param name="status">The status.</param>
    /// <param name="answer">The answer, sealed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task EndAsync(NamedRequest request, int status, string answer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var command = database.CreateCommand(
            "UPDATE named_requests SET status = $3, answer = $4 WHERE caller = $1 AND name = $2 AND status IS NULL")
            .With(Sql.Of(request.Caller), Sql.Of(request.Name), Sql.Of(status), Sql.Of(answer));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>It came to nothing: the name is free again.</summary>
    public async Task DropAsync(NamedRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var command = database.CreateCommand("DELETE FROM named_requests WHERE caller = $1 AND name = $2 AND status IS NULL")
            .With(Sql.Of(request.Caller), Sql.Of(request.Name));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Forgets one batch of those that are too old.</summary>
    /// <returns>How many; fewer than <see cref="BatchMax"/> when none is left.</returns>
    public async Task<int> ForgetAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            DELETE FROM named_requests r USING (
                SELECT caller, name FROM named_requests WHERE begun_at < $1 ORDER BY begun_at LIMIT $2 FOR UPDATE SKIP LOCKED) old
            WHERE r.caller = old.caller AND r.name = old.name
            """).With(Sql.Time(clock.GetUtcNow() - KeptFor), Sql.Of(BatchMax));
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
