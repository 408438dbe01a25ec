using MoMo.Domain;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>Accounts: create, read, change, delete. Ids are canonical.</summary>
public sealed class AccountStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Select =
        "SELECT a.id, a.name, a.lookup_url, a.archived, h.sequence, a.version, a.created_at, a.mode FROM accounts a JOIN account_heads h ON h.account_id = a.id";

    /// <summary>The account, or null.</summary>
    public Task<AccountRow?> FindAsync(string id, CancellationToken cancellation) =>
        database.FindAsync($"{Select} WHERE a.id = $1", Read, cancellation, Sql.Of(id));

    /// <summary>Accounts by id.</summary>
    public Task<IReadOnlyList<AccountRow>> ListAsync(PageQuery page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        return database.ListAsync(
            $"{Select} WHERE a.id > $1 AND ($2 IS NULL OR lower(a.name) = lower($2)) ORDER BY a.id LIMIT $3",
            Read, cancellation, Sql.Of(page.After), Sql.Text(page.Name), Sql.Of(page.Max));
    }

    /// <summary>Creates a live account with its head.</summary>
    /// <returns>It, or <c>id-taken</c>, <c>name-taken</c>, <c>url-taken</c>.</returns>
    public Task<Outcome<AccountRow>> CreateAsync(string id, string name, string? lookupUrl, bool archived, CancellationToken cancellation) =>
        CreateAsync(id, name, lookupUrl, archived, Mode.Live, cancellation);

    /// <summary>Creates an account with its head.</summary>
    /// <returns>It, or <c>id-taken</c>, <c>name-taken</c>, <c>url-taken</c>.</returns>
    public Task<Outcome<AccountRow>> CreateAsync(
        string id, string name, string? lookupUrl, bool archived, Mode mode, CancellationToken cancellation) =>
        Change.RunAsync<AccountRow>(
            database,
            async change =>
            {
                await change.RunAsync(
                    "INSERT INTO accounts (id, name, lookup_url, archived, created_at, mode) VALUES ($1, $2, $3, $4, $5, $6)",
                    Sql.Of(id), Sql.Of(name), Sql.Text(lookupUrl), Sql.Of(archived), Sql.Time(clock.GetUtcNow()),
                    Sql.Of(mode.Word()));
                await change.RunAsync("INSERT INTO account_heads (account_id) VALUES ($1)", Sql.Of(id));
                await change.NotifyAsync($"account:{id}");
                return (await FindAsync(change, id))!;
            },
            cancellation);

    /// <summary>Changes an account.</summary>
    /// <returns>It as it is now, or <c>account-unknown</c>, <c>etag-mismatch</c>, <c>name-taken</c>, <c>url-taken</c>.</returns>
    public Task<Outcome<AccountRow>> ChangeAsync(
        string id, string name, string? lookupUrl, bool archived, VersionMatch match, CancellationToken cancellation) =>
        ChangeAsync(id, name, lookupUrl, archived, null, match, cancellation);

    /// <summary>Changes an account. Its mode can't be another one: null, or as it is.</summary>
    /// <returns>It as it is now, or <c>account-unknown</c>, <c>etag-mismatch</c>, <c>mode-fixed</c>, <c>name-taken</c>, <c>url-taken</c>.</returns>
    public Task<Outcome<AccountRow>> ChangeAsync(
        string id, string name, string? lookupUrl, bool archived, Mode? mode, VersionMatch match, CancellationToken cancellation) =>
        Change.RunAsync<AccountRow>(
            database,
            async change =>
            {
                if (!await AccountHead.LockAsync(change, id) || await FindAsync(change, id) is not { } stored) return Unknown.Account(id);
                if (match.Check(stored.Version) is { } stale) return stale;
                if (mode is { } other && other != stored.Mode)
                    return Refusal.Of("mode", "mode-fixed", $"An account's mode can't be changed; this one is {stored.Mode.Word()}.");
                await change.RunAsync(
                    "UPDATE accounts SET name = $2, lookup_url = $3, archived = $4, version = version + 1 WHERE id = $1",
                    Sql.Of(id), Sql.Of(name), Sql.Text(lookupUrl), Sql.Of(archived));
                await AccountHead.RaiseAsync(change, id);
                return (await FindAsync(change, id))!;
            },
            cancellation);

    /// <summary>Deletes an account that nothing depends on.</summary>
    /// <returns>It as it was, or <c>account-unknown</c>, <c>etag-mismatch</c>, <c>in-use</c>.</returns>
    public Task<Outcome<AccountRow>> DeleteAsync(string id, VersionMatch match, CancellationToken cancellation) =>
        Change.RunAsync<AccountRow>(
            database,
            async change =>
            {
                // The head keeps turns out, the row keeps new references and keys out.
                if (!await AccountHead.LockAsync(change, id)
                    || !await change.AnyAsync("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE", Sql.Of(id))
                    || await FindAsync(change, id) is not { } stored)
                    return Unknown.Account(id);
                if (match.Check(stored.Version) is { } stale) return stale;
                var users = await UsersAsync(change, stored);
                if (users.Count > 0) return InUse.By("Account", id, users);
                await change.RunAsync("DELETE FROM accounts WHERE id = $1", Sql.Of(id));
                await change.NotifyAsync($"account:{id}");
                return stored;
            },
            cancellation);

    private static async Task<List<string>> UsersAsync(Change change, AccountRow account)
    {
        var id = account.Id;
        List<string> users = [];
        // Numbers have no gaps: a number means that a payment or an assignment holds it.
        if (account.Sequence > 0) users.Add("payments");
        if (await change.AnyAsync("SELECT 1 FROM account_references WHERE account_id = $1 LIMIT 1", Sql.Of(id))) users.Add("references");
        if (await change.AnyAsync("SELECT 1 FROM destinations WHERE account_id = $1 LIMIT 1", Sql.Of(id))) users.Add("destinations");
        if (await change.AnyAsync("SELECT 1 FROM api_keys WHERE $1 = ANY(scopes) LIMIT 1", Sql.Of($"account:{id}"))) users.Add("keys");
        // What it was told of adapters has no number of its own, and would be read by whoever gets the same id next.
        if (await change.AnyAsync("SELECT 1 FROM delivery_rows WHERE account_id = $1 AND payment_id IS NULL LIMIT 1", Sql.Of(id))) users.Add("deliveries");
        return users;
    }

    private static Task<AccountRow?> FindAsync(Change change, string id) => change.FindAsync($"{Select} WHERE a.id = $1", Read, Sql.Of(id));

    private static AccountRow Read(NpgsqlDataReader rows) => new(
        rows.GetString(0),
        rows.GetString(1),
        rows.TextOrNull(2),
        rows.GetBoolean(3),
        rows.GetInt64(4),
        rows.GetInt64(5),
        rows.GetFieldValue<DateTimeOffset>(6))
    {
        Mode = Modes.Find(rows.GetString(7))!.Value,
    };
}
