using MoMo.Domain.Identity;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>API keys: make, read, delete. A key never changes; a new one replaces it.</summary>
public sealed class KeyStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns = "id, name, secret_sha256, scopes, created_at, last_used_at";

    private static readonly string LockAdmins = $"SELECT pg_advisory_xact_lock({Locks.Admins})";

    /// <summary>The key, or null.</summary>
    public Task<KeyRow?> FindAsync(string id, CancellationToken cancellation) =>
        database.FindAsync($"SELECT {Columns} FROM api_keys WHERE id = $1", Read, cancellation, Sql.Of(id));

    /// <summary>Keys by id.</summary>
    public Task<IReadOnlyList<KeyRow>> ListAsync(PageQuery page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        return database.ListAsync(
            $"SELECT {Columns} FROM api_keys WHERE id > $1 AND ($2 IS NULL OR lower(name) = lower($2)) ORDER BY id LIMIT $3",
            Read, cancellation, Sql.Of(page.After), Sql.Text(page.Name), Sql.Of(page.Max));
    }

    /// <summary>Makes a key.</summary>
    /// <returns>It with its text, or <c>account-unknown</c>, <c>adapter-unknown</c>, <c>adapter-ambiguous</c> (field scopes), <c>name-taken</c>.</returns>
    public Task<Outcome<KeyRow>> CreateAsync(string name, IReadOnlyList<Scope> scopes, CancellationToken cancellation) =>
        Change.RunAsync<KeyRow>(database, change => CreateAsync(change, name, scopes), cancellation);

    /// <summary>Makes the first administrator's key, unless there is one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="keep">Keeps the key's text; called before the commit, so that no key is made that nobody knows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The key with its text, or <c>admin-exists</c>.</returns>
    public Task<Outcome<KeyRow>> CreateFirstAdminAsync(string name, Action<string> keep, CancellationToken cancellation) =>
        Change.RunAsync<KeyRow>(
            database,
            async change =>
            {
                await change.RunAsync(LockAdmins);
                if (await change.AnyAsync("SELECT 1 FROM api_keys WHERE 'admin' = ANY(scopes) LIMIT 1"))
                    return new Refusal("admin-exists", "There is an administrator's key already.");
                var taken = await change.AnyAsync("SELECT 1 FROM api_keys WHERE name = $1", Sql.Of(name));
                var made = await CreateAsync(change, taken ? $"{name} {clock.GetUtcNow():O}" : name, [Scope.Admin]);
                if (made.Accepted?.Text is { } text) keep(text);
                return made;
            },
            cancellation);

    /// <summary>Deletes a key; it is refused from then on.</summary>
    /// <returns>It as it was, or <c>key-unknown</c>, <c>etag-mismatch</c>, <c>admin-key-last</c>.</returns>
    public Task<Outcome<KeyRow>> DeleteAsync(string id, VersionMatch match, CancellationToken cancellation) =>
        Change.RunAsync<KeyRow>(
            database,
            async change =>
            {
                await change.RunAsync(LockAdmins);
                if (await change.FindAsync($"SELECT {Columns} FROM api_keys WHERE id = $1 FOR UPDATE", Read, Sql.Of(id)) is not { } stored)
                    return Unknown.Key(id);
                if (match.Check(1) is { } stale) return stale;
                if (stored.Scopes.Contains("admin")
                    && !await change.AnyAsync("SELECT 1 FROM api_keys WHERE 'admin' = ANY(scopes) AND id <> $1 LIMIT 1", Sql.Of(id)))
                    return new Refusal("admin-key-last", "This is the last administrator's key. Make another one first.");
                await change.RunAsync("DELETE FROM api_keys WHERE id = $1", Sql.Of(id));
                await change.RunAsync("DELETE FROM named_requests WHERE caller = $1", Sql.Of(id));
                await change.NotifyAsync($"key:{id}");
                return stored;
            },
            cancellation);

    /// <summary>Records that keys were used; at most once a minute for each.</summary>
    public async Task TouchAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            "UPDATE api_keys SET last_used_at = $2 WHERE id = ANY($1) AND (last_used_at IS NULL OR last_used_at <= $3)");
        command.Parameters.Add(Sql.Of(ids.ToArray()));
        command.Parameters.Add(Sql.Time(now));
        command.Parameters.Add(Sql.Time(now - TimeSpan.FromMinutes(1)));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A key is to be bound to an account or adapter that there is not.</summary>
    public static Refusal TargetUnknown(Scope scope) =>
        Refusal.Of("scopes", $"{scope.Kind}-unknown", $"There is no {scope.Kind} '{scope.Target}'.");

    private async Task<Outcome<KeyRow>> CreateAsync(Change change, string name, IReadOnlyList<Scope> scopes)
    {
        List<FieldFault> faults = [];
        foreach (var scope in scopes.Where(scope => scope.Target is not null))
        {
            var table = scope.Kind == "account" ? "accounts" : "adapters";
            // Share, not key share: no adapter may come out of the archive before the key is there to be seen.
            if (!await change.AnyAsync($"SELECT 1 FROM {table} WHERE id = $1 FOR SHARE", Sql.Of(scope.Target!)))
                faults.AddRange(TargetUnknown(scope).Faults);
        }

        if (faults.Count > 0) return new Refusal(faults[0].Code, "A key can only be bound to what exists.", faults);
        string[] adapters = [.. scopes.Where(scope => scope is { Kind: "adapter", Target: not null }).Select(scope => scope.Target!).Distinct(StringComparer.Ordinal)];
        if (await change.FindAsync(
            "SELECT psp_id FROM adapters WHERE id = ANY($1) AND NOT archived GROUP BY psp_id HAVING count(*) > 1 ORDER BY psp_id LIMIT 1", rows => rows.GetString(0), Sql.Of(adapters)) is { } psp)
            return Refusal.Of("scopes", "adapter-ambiguous", $"Several of these adapters bring payments of PSP {psp}: nobody could tell through which one a payment came.");
        var (id, text, hash) = KeyText.Make();
        var created = await change.FindAsync(
            $"INSERT INTO api_keys (id, name, secret_sha256, scopes, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING {Columns}",
            Read, Sql.Of(id), Sql.Of(name), Sql.Of(hash), Sql.Of(scopes.Select(scope => scope.ToString()).ToArray()), Sql.Time(clock.GetUtcNow()));
        await change.NotifyAsync($"key:{id}");
        return created! with { Text = text };
    }

    private static KeyRow Read(NpgsqlDataReader rows) => new(
        rows.GetString(0),
        rows.GetString(1),
        rows.GetFieldValue<byte[]>(2),
        rows.GetFieldValue<string[]>(3),
        rows.GetFieldValue<DateTimeOffset>(4),
        rows.TimeOrNull(5));
}
