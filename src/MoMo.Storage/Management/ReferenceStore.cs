using MoMo.Domain.Accounts;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>
/// References of accounts: register, read, change, delete. Account ids and keys are canonical. A reference that payments have can't be deleted.
/// </summary>
public sealed class ReferenceStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns = "account_id, key, id, name, archived, version, created_at";

    /// <summary>The reference, or null.</summary>
    public Task<ReferenceRow?> FindAsync(string account, string key, CancellationToken cancellation) => database.FindAsync(
        $"SELECT {Columns} FROM account_references WHERE account_id = $1 AND key = $2", Read, cancellation, Sql.Of(account), Sql.Of(key));

    /// <summary>References by key; null when there is no such account.</summary>
    public async Task<IReadOnlyList<ReferenceRow>?> ListAsync(string account, PageQuery page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        var found = await database.ListAsync(
            $"SELECT {Columns} FROM account_references WHERE account_id = $1 AND key > $2 ORDER BY key LIMIT $3",
            Read, cancellation, Sql.Of(account), Sql.Of(page.After), Sql.Of(page.Max));
        return found.Count > 0 || await database.HasAccountAsync(account, cancellation) ? found : null;
    }

    /// <summary>Registers a reference.</summary>
    /// <param name="account">Whose; canonical.</param>
    /// <param name="id">As typed; its canonical form is the key.</param>
    /// <param name="name">The customer's name.</param>
    /// <param name="archived">Finds nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>It, or <c>account-unknown</c>, <c>id-taken</c>.</returns>
    public Task<Outcome<ReferenceRow>> CreateAsync(string account, string id, string? name, bool archived, CancellationToken cancellation) =>
        Change.RunAsync<ReferenceRow>(
            database,
            async change =>
            {
                var key = Account.Canonical(id);
                if (!await change.AnyAsync("SELECT 1 FROM accounts WHERE id = $1 FOR KEY SHARE", Sql.Of(account))) return Unknown.Account(account);
                var created = await change.FindAsync(
                    $"INSERT INTO account_references (account_id, key, id, name, archived, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING {Columns}",
                    Read, Sql.Of(account), Sql.Of(key), Sql.Of(id), Sql.Text(name), Sql.Of(archived), Sql.Time(clock.GetUtcNow()));
                await change.NotifyAsync($"reference:{key}");
                return created!;
            },
            cancellation);

    /// <summary>Changes a reference.</summary>
    /// <returns>It as it is now, or <c>reference-unknown</c>, <c>etag-mismatch</c>.</returns>
    public Task<Outcome<ReferenceRow>> ChangeAsync(
        string account, string key, string? name, bool archived, VersionMatch match, CancellationToken cancellation) =>
        Change.RunAsync<ReferenceRow>(
            database,
            async change =>
            {
                if (await LockAsync(change, account, key) is not { } stored) return Unknown.Reference(account, key);
                if (match.Check(stored.Version) is { } stale) return stale;
                var changed = await change.FindAsync(
                    $"UPDATE account_references SET name = $3, archived = $4, version = version + 1 WHERE account_id = $1 AND key = $2 RETURNING {Columns}",
                    Read, Sql.Of(account), Sql.Of(key), Sql.Text(name), Sql.Of(archived));
                await change.NotifyAsync($"reference:{key}");
                return changed!;
            },
            cancellation);

    /// <summary>Deletes a reference that no payment of the account has, as the payer wrote it, as it was found, or as it was assigned.</summary>
    /// <returns>It as it was, or <c>reference-unknown</c>, <c>etag-mismatch</c>, <c>reference-in-use</c>.</returns>
    public async Task<Outcome<ReferenceRow>> DeleteAsync(string account, string key, VersionMatch match, CancellationToken cancellation)
    {
        if (await FindAsync(account, key, cancellation) is not { } known) return Unknown.Reference(account, key);
        if (match.Check(known.Version) is { } old) return old;
        var use = new ReferenceUse(account, key, clock);
        if (await use.LookAsync(database, cancellation) is { } used) return used;
        return await Change.RunAsync<ReferenceRow>(
            database,
            async change =>
            {
                // The head keeps turns out: of what they took before all is seen.
                if (!await AccountHead.LockAsync(change, account) || await LockAsync(change, account, key) is not { } stored)
                    return Unknown.Reference(account, key);
                if (match.Check(stored.Version) is { } stale) return stale;
                if (await use.LookAsync(change) is { } usedSince) return usedSince;
                await change.RunAsync("DELETE FROM account_references WHERE account_id = $1 AND key = $2", Sql.Of(account), Sql.Of(key));
                await change.NotifyAsync($"reference:{key}");
                return stored;
            },
            cancellation);
    }

    private static Task<ReferenceRow?> LockAsync(Change change, string account, string key) => change.FindAsync(
        $"SELECT {Columns} FROM account_references WHERE account_id = $1 AND key = $2 FOR UPDATE", Read, Sql.Of(account), Sql.Of(key));

    private static ReferenceRow Read(NpgsqlDataReader rows) => new(
        rows.GetString(0),
        rows.GetString(1),
        rows.GetString(2),
        rows.TextOrNull(3),
        rows.GetBoolean(4),
        rows.GetInt64(5),
        rows.GetFieldValue<DateTimeOffset>(6));
}
