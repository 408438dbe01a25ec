using Npgsql;

namespace MoMo.Storage.Secrets;

/// <summary>
/// Finds out at a silo's start whether it has the keys that the database's secrets are sealed with. Each key that seals leaves a mark there, which only
/// it opens. Without this, a silo with keys of its own would join the others, and stop what it can't open the secrets of.
/// </summary>
/// <param name="database">Connects as the runtime role.</param>
/// <param name="keys">The silo's.</param>
public sealed class SecretMarks(NpgsqlDataSource database, SecretKeys keys)
{
    /// <summary>Secrets of one key that are tried at most. One that opens is enough: a changed row must not keep the hub from starting.</summary>
    private const int TriedMax = 100;

    /// <summary>
    /// Every sealed text that the hub needs, and its purpose. Answers to named requests are none: one that can't be opened is told as lost.
    /// </summary>
    private const string Secrets = """
        SELECT purpose, sealed, split_part(sealed, ':', 2) AS key FROM (
            SELECT 'destination:' || account_id || '/' || id AS purpose, secret AS sealed FROM destinations
            UNION ALL SELECT 'destination:' || account_id || '/' || id, old_secret FROM destinations WHERE old_secret_until > now()
            UNION ALL SELECT 'destination:' || account_id || '/' || id, credentials FROM destinations
            UNION ALL SELECT 'adapter:' || adapter_id || '/' || name, sealed FROM adapter_credentials WHERE valid_until IS NULL OR valid_until > now()
            UNION ALL SELECT 'channel:' || adapter_id, channel_secret FROM channels) AS secrets
        WHERE sealed LIKE 'v1:%:%'
        """;

    private static readonly string Lock = $"SELECT pg_advisory_xact_lock({Locks.SecretKeys})";

    private readonly SecretBox box = new(keys);

    /// <summary>Checks the keys against the marks and secrets that are there, and leaves the mark of the key that seals.</summary>
    /// <param name="lost">Gives up what the keys don't open, instead of refusing.</param>
    /// <param name="cancellation">Ends the wait; nothing is written then.</param>
    /// <returns>Ids of keys that were given up.</returns>
    /// <exception cref="SecretException">A key is missing, or is another one of the same name. The message names it.</exception>
    public async Task<IReadOnlyList<string>> EnsureAsync(bool lost, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await RunAsync(connection, Lock, cancellation);
        var marks = await MarksAsync(connection, cancellation);
        List<string> without = [];
        foreach (var key in (await UsedAsync(connection, cancellation)).Union(marks.Keys).ToList())
        {
            if (await FaultAsync(connection, key, marks, cancellation) is not { } fault) continue;
            if (!lost) throw new SecretException(fault);
            without.Add(key);
            marks.Remove(key);
            await PutAsync(connection, key, "", 0, true, cancellation);
        }

        foreach (var key in keys.Ids.Where(key => !marks.ContainsKey(key)).Append(keys.SealingId).Distinct())
            await MarkAsync(connection, key, marks, cancellation);
        await transaction.CommitAsync(cancellation);
        return without;
    }

    private static string Purpose(string key) => $"secret-key:{key}";

    /// <summary>What is wrong with a key that has a mark or sealed something; null when it is among ours, or is needed no more.</summary>
    private async Task<string?> FaultAsync(NpgsqlConnection connection, string key, Dictionary<string, Mark> marks, CancellationToken cancellation)
    {
        var mark = marks.GetValueOrDefault(key);
        if (mark is { Lost: true }) return null;
        var secrets = mark is null || !keys.Ids.Contains(key) ? await SecretsAsync(connection, key, cancellation) : [];
        if (!keys.Ids.Contains(key))
        {
            // A key that was replaced may go when nothing is sealed with it any more; the one that others seal with may not.
            var replaced = mark is not null && marks.GetValueOrDefault(keys.SealingId) is { Lost: false } ours && ours.Place > mark.Place;
            return replaced && secrets.Count == 0 ? null : $"The secrets of this database are sealed with a key '{key}', which is not in {keys.Source}.";
        }

        if (mark is not null ? Opens(Purpose(key), mark.Sealed) : secrets.Any(one => Opens(one.Purpose, one.Sealed))) return null;
        return $"The secrets of this database are sealed with another key '{key}' than the one in {keys.Source}.";
    }

    /// <summary>The key that seals comes last; one that only opens keeps its place, or is the first.</summary>
    private async Task MarkAsync(NpgsqlConnection connection, string key, Dictionary<string, Mark> marks, CancellationToken cancellation)
    {
        var last = marks.Values.Select(mark => mark.Place).DefaultIfEmpty(0).Max();
        var isLast = marks.GetValueOrDefault(key) is { Lost: false } mine && mine.Place == last;
        if (!isLast) await PutAsync(connection, key, SecretBox.SealWith(keys.Find(key)!, Purpose(key), key), key == keys.SealingId ? last + 1 : 0, false, cancellation);
    }

    private bool Opens(string purpose, string text)
    {
        try
        {
            box.Open(purpose, text);
            return true;
        }
        catch (SecretException)
        {
            return false;
        }
    }

    private static async Task<Dictionary<string, Mark>> MarksAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT id, mark, place, lost FROM secret_keys", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        Dictionary<string, Mark> marks = [];
        while (await rows.ReadAsync(cancellation)) marks.Add(rows.GetString(0), new(rows.GetString(1), rows.GetInt32(2), rows.GetBoolean(3)));
        return marks;
    }

    private static async Task<List<string>> UsedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT DISTINCT key FROM ({Secrets}) AS used", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<string> used = [];
        while (await rows.ReadAsync(cancellation)) used.Add(rows.GetString(0));
        return used;
    }

    private static async Task<List<(string Purpose, string Sealed)>> SecretsAsync(NpgsqlConnection connection, string key, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT purpose, sealed FROM ({Secrets}) AS used WHERE key = $1 LIMIT $2", connection)
            .With(Sql.Of(key), Sql.Of(TriedMax));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<(string, string)> secrets = [];
        while (await rows.ReadAsync(cancellation)) secrets.Add((rows.GetString(0), rows.GetString(1)));
        return secrets;
    }

    private static Task PutAsync(NpgsqlConnection connection, string key, string mark, int place, bool lost, CancellationToken cancellation) => RunAsync(
        connection,
        """
        INSERT INTO secret_keys (id, mark, place, lost) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE SET mark = excluded.mark, place = excluded.place, lost = excluded.lost
        """,
        cancellation, Sql.Of(key), Sql.Of(mark), Sql.Of(place), Sql.Of(lost));

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private sealed record Mark(string Sealed, int Place, bool Lost);
}
