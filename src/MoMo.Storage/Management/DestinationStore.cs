using System.Globalization;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Journal;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>Destinations of accounts: create, read, change, delete, each under the account's head. Account ids are canonical.</summary>
/// <param name="database">Connects as the runtime role.</param>
/// <param name="seal">Seals a secret for a purpose (<c>destination:account/id</c>).</param>
/// <param name="clock">Tells the time.</param>
public sealed class DestinationStore(NpgsqlDataSource database, Func<string, string, string> seal, TimeProvider clock)
{
    /// <summary>Destinations of one account at most: each payment makes one delivery for each.</summary>
    public const int Max = 20;

    /// <summary>Kind of agenda row that a lane has.</summary>
    public const string AgendaKind = "lane";

    private const string Columns = "lane, account_id, id, kind, url, paused, paused_reason, version, created_at";

    /// <summary>What a destination's secret is sealed for.</summary>
    public static string Purpose(string account, string id) => $"destination:{account}/{id}";

    /// <summary>The destination, or null.</summary>
    public Task<DestinationRow?> FindAsync(string account, string id, CancellationToken cancellation) => database.FindAsync(
        $"SELECT {Columns} FROM destinations WHERE account_id = $1 AND id = $2", Read, cancellation, Sql.Of(account), Sql.Of(id));

    /// <summary>Destinations by id; null when there is no such account.</summary>
    public async Task<IReadOnlyList<DestinationRow>?> ListAsync(string account, PageQuery page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        var found = await database.ListAsync(
            $"SELECT {Columns} FROM destinations WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3",
            Read, cancellation, Sql.Of(account), Sql.Of(page.After), Sql.Of(page.Max));
        return found.Count > 0 || await database.HasAccountAsync(account, cancellation) ? found : null;
    }

    /// <summary>Creates a destination with a secret and a lane of its own.</summary>
    /// <returns>It with its secret, or <c>account-unknown</c>, <c>id-taken</c>, <c>url-taken</c>, <c>destinations-full</c>.</returns>
    public Task<Outcome<DestinationRow>> CreateAsync(
        string account, string id, string kind, string url, bool paused, CancellationToken cancellation) =>
        Change.RunAsync<DestinationRow>(
            database,
            async change =>
            {
                if (!await AccountHead.LockAsync(change, account)) return Unknown.Account(account);
                if (await change.AnyAsync("SELECT 1 FROM destinations WHERE account_id = $1 OFFSET $2 LIMIT 1", Sql.Of(account), Sql.Of(Max - 1)))
                    return new Refusal("destinations-full", $"Account '{account}' has {Max} destinations, the most an account may have.");
                var secret = WebhookSecret.Make().Show();
                var created = await change.FindAsync(
                    $"INSERT INTO destinations (account_id, id, kind, url, secret, paused, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {Columns}",
                    Read, Sql.Of(account), Sql.Of(id), Sql.Of(kind), Sql.Of(url), Sql.Of(seal(Purpose(account, id), secret)), Sql.Of(paused),
                    Sql.Time(clock.GetUtcNow()));
                await Agenda.SetAsync(change.Connection, AgendaKind, Lane(created!), null, change.Cancellation);
                await AccountHead.RaiseAsync(change, account);
                return created! with { Secret = secret };
            },
            cancellation);

    /// <summary>Changes a destination. When it is no longer paused, its lane is due at once.</summary>
    /// <returns>It as it is now, or <c>destination-unknown</c>, <c>etag-mismatch</c>, <c>url-taken</c>, <c>kind-fixed</c>.</returns>
    public Task<Outcome<DestinationRow>> ChangeAsync(
        string account, string id, string kind, string url, bool paused, VersionMatch match, CancellationToken cancellation) =>
        Change.RunAsync<DestinationRow>(
            database,
            async change =>
            {
                if (await LockAsync(change, account, id) is not { } stored) return Unknown.Destination(account, id);
                if (match.Check(stored.Version) is { } stale) return stale;
                if (stored.Kind != kind) return Refusal.Of("kind", "kind-fixed", "A destination's kind can't be changed; create another destination.");
                var changed = await change.FindAsync(
                    $"""
                    UPDATE destinations SET url = $3, paused = $4, paused_reason = CASE WHEN $4 THEN paused_reason END, version = version + 1
                    WHERE account_id = $1 AND id = $2 RETURNING {Columns}
                    """,
                    Read, Sql.Of(account), Sql.Of(id), Sql.Of(url), Sql.Of(paused));
                if (stored.Paused && !paused)
                    await Agenda.SetAsync(change.Connection, AgendaKind, Lane(stored), clock.GetUtcNow(), change.Cancellation);
                await AccountHead.RaiseAsync(change, account);
                return changed!;
            },
            cancellation);

    /// <summary>Deletes a destination that nothing waits for. Finished deliveries stay, as history.</summary>
    /// <returns>It as it was, or <c>destination-unknown</c>, <c>etag-mismatch</c>, <c>in-use</c>.</returns>
    public Task<Outcome<DestinationRow>> DeleteAsync(string account, string id, VersionMatch match, CancellationToken cancellation) =>
        Change.RunAsync<DestinationRow>(
            database,
            async change =>
            {
                if (await LockAsync(change, account, id) is not { } stored) return Unknown.Destination(account, id);
                if (match.Check(stored.Version) is { } stale) return stale;
                if (await change.AnyAsync("SELECT 1 FROM deliveries WHERE lane = $1 AND state = 'pending' LIMIT 1", Sql.Of(stored.Lane)))
                    return new Refusal("in-use", $"Destination '{id}' is used by pending deliveries. Let them arrive, or pause it instead.");
                await change.RunAsync("DELETE FROM destinations WHERE lane = $1", Sql.Of(stored.Lane));
                await Agenda.RemoveAsync(change.Connection, AgendaKind, Lane(stored), change.Cancellation);
                await AccountHead.RaiseAsync(change, account);
                return stored;
            },
            cancellation);

    private static string Lane(DestinationRow row) => row.Lane.ToString(CultureInfo.InvariantCulture);

    private static async Task<DestinationRow?> LockAsync(Change change, string account, string id) =>
        await AccountHead.LockAsync(change, account)
            ? await change.FindAsync($"SELECT {Columns} FROM destinations WHERE account_id = $1 AND id = $2 FOR UPDATE", Read, Sql.Of(account), Sql.Of(id))
            : null;

    private static DestinationRow Read(NpgsqlDataReader rows) => new(
        rows.GetInt64(0),
        rows.GetString(1),
        rows.GetString(2),
        rows.GetString(3),
        rows.GetString(4),
        rows.GetBoolean(5),
        rows.TextOrNull(6),
        rows.GetInt64(7),
        rows.GetFieldValue<DateTimeOffset>(8));
}
