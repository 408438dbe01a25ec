using System.Collections.Frozen;
using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Adapters;
using MoMo.Domain.Psps;
using MoMo.Domain.Routing;
using MoMo.Engine;
using MoMo.Storage.Journal;
using Npgsql;

namespace MoMo.Storage.Catalog;

/// <summary>
/// The directory in PostgreSQL, remembered in memory. Changes of any silo arrive as notifications (<see cref="ChangeFeed"/>) and make it forget;
/// the lifetime is the safety net.
/// </summary>
public sealed class HubDirectory(NpgsqlDataSource database, RuleReader rules, TimeProvider clock) : IDirectory
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>How long a called adapter is remembered for the time that the database does not answer.</summary>
    private static readonly TimeSpan LastKnownLifetime = TimeSpan.FromDays(1);

    /// <summary>How long the database is waited for when it is known who was called last: whoever asks waits for an answer.</summary>
    private static readonly TimeSpan LastKnownWait = TimeSpan.FromSeconds(1);

    /// <summary>Adapters that PSPs call, whose ids are remembered all together; were there more, each would be looked up.</summary>
    private const int CalledMax = 100_000;

    private readonly Cache<string, Psp?> psps = new(10_000, Lifetime, clock);
    private readonly Cache<string, Adapter?> adapters = new(10_000, Lifetime, clock);
    private readonly Cache<string, Adapter?> lastKnown = new(10_000, LastKnownLifetime, clock);
    private readonly Cache<string, FrozenSet<string>?> called = new(1, Lifetime, clock);
    private readonly Gathering<string, FrozenSet<string>?> calledOnce = new(keys => AskAllCalledAsync(database, keys));
    private readonly Cache<string, Account?> accounts = new(100_000, Lifetime, clock);
    private readonly Cache<string, ReferenceOwners> owners = new(500_000, Lifetime, clock);
    private readonly Gathering<string, ReferenceOwners> gathered = new(keys => AskOwnersAsync(database, keys));
    private readonly Cache<Mode, IReadOnlyList<Account>> lookups = new(2, Lifetime, clock);

    /// <inheritdoc/>
    public ValueTask<Psp?> FindPspAsync(string id, CancellationToken cancellation) => psps.FindAsync(id, AskPspAsync, cancellation);

    /// <inheritdoc/>
    public ValueTask<Adapter?> FindAdapterAsync(string id, CancellationToken cancellation) => adapters.FindAsync(id, AskAdapterAsync, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Adapter?> FindCalledAsync(string id, CancellationToken cancellation)
    {
        if (adapters.TryFind(id, out var known)) return known;
        if (!lastKnown.TryFind(id, out var last)) return await AskCalledAsync(id, cancellation);
        using var late = new CancellationTokenSource(LastKnownWait, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            var found = await AskCalledAsync(id, ending.Token).WaitAsync(ending.Token);
            if (found is null) lastKnown.Forget(id);
            return found;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // Nothing can be recorded by it meanwhile, but its PSP is told so in its own words.
            return last;
        }
    }

    private async Task<Adapter?> AskCalledAsync(string id, CancellationToken cancellation)
    {
        var all = await called.FindAsync("", (key, ending) => calledOnce.FindAsync(key).WaitAsync(ending), cancellation);
        return all?.Contains(id) == false ? null : await FindAdapterAsync(id, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Account?> FindAccountAsync(string id, CancellationToken cancellation) => accounts.FindAsync(id, AskAccountAsync, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindOwnersAsync(string reference, Mode mode, CancellationToken cancellation)
    {
        return owners.TryFind(reference, out var known) ? new(known.Of(mode)) : AskAsync();

        async ValueTask<IReadOnlyList<string>> AskAsync() =>
            (await owners.FindAsync(reference, (key, ending) => gathered.FindAsync(key).WaitAsync(ending), cancellation)).Of(mode);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Account>> FindLookupsAsync(Mode mode, CancellationToken cancellation) => lookups.FindAsync(mode, AskLookupsAsync, cancellation);

    /// <summary>Forgets what a change touched: <c>psp:…</c>, <c>adapter:…</c>, <c>account:…</c>, <c>reference:…</c>; anything else forgets all.</summary>
    public void Forget(string change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var colon = change.IndexOf(':', StringComparison.Ordinal);
        var (kind, key) = colon < 0 ? ("", "") : (change[..colon], change[(colon + 1)..]);
        switch (kind)
        {
            case "psp":
                psps.Forget(key);
                break;
            case "adapter":
                adapters.Forget(key);
                lastKnown.Forget(key);
                called.Forget(); // it may be a new one
                break;
            case "account":
                accounts.Forget(key);
                lookups.Forget();
                owners.Forget(); // an archived account's references find nothing
                break;
            case "reference":
                owners.Forget(key);
                break;
            case "key":
                break; // not remembered here
            default:
                Forget();
                break;
        }
    }

    /// <summary>Forgets all: after notifications may have been missed. Who was called last is still known while the database does not answer.</summary>
    public void Forget()
    {
        psps.Forget();
        adapters.Forget();
        called.Forget();
        accounts.Forget();
        owners.Forget();
        lookups.Forget();
    }

    private async Task<Psp?> AskPspAsync(string id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT archived FROM psps WHERE id = $1");
        command.Parameters.Add(Sql.Of(id));
        return await command.ExecuteScalarAsync(cancellation) is bool archived ? new Psp(id, archived) : null;
    }

    private async Task<Adapter?> AskAdapterAsync(string id, CancellationToken cancellation)
    {
        // One statement: of two, the second sees a change that the first did not, and credentials would go to the server of before.
        await using var command = database.CreateCommand(
            """
            SELECT psp_id, format, settings, rules, archived, callback_secret, mode, c.name, c.sealed, c.valid_until
            FROM adapters LEFT JOIN adapter_credentials c ON c.adapter_id = adapters.id WHERE adapters.id = $1 ORDER BY c.id DESC
            """);
        command.Parameters.Add(Sql.Of(id));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation)) return null;
        var configured = rules.Read(Json(rows, 3));
        List<SealedCredential> credentials = [];
        var adapter = new Adapter(
            id,
            rows.GetString(0),
            rows.GetString(1),
            Json(rows, 2),
            configured.Accepted ?? throw new InvalidDataException($"The stored rules of adapter {id} can't be read: {configured.Refused!.Detail}"),
            rows.GetBoolean(4),
            rows.IsDBNull(5) ? null : rows.GetFieldValue<byte[]>(5))
        {
            Mode = Modes.Find(rows.GetString(6))!.Value,
            Credentials = credentials,
        };
        if (adapter.CallbackSecretSha256 is not null) lastKnown.Keep(id, adapter);
        else lastKnown.Forget(id);
        if (rows.IsDBNull(7)) return adapter;
        do
            credentials.Add(new SealedCredential(rows.GetString(7), rows.GetString(8), rows.IsDBNull(9) ? null : rows.GetFieldValue<DateTimeOffset>(9)));
        while (await rows.ReadAsync(cancellation));
        return adapter;
    }

    /// <summary>Ids of all adapters that are called; null when they are too many.</summary>
    private static async Task<IReadOnlyDictionary<string, FrozenSet<string>?>> AskAllCalledAsync(NpgsqlDataSource database, IReadOnlyCollection<string> keys)
    {
        await using var command = database.CreateCommand("SELECT id FROM adapters WHERE callback_secret IS NOT NULL AND NOT archived LIMIT $1");
        command.Parameters.Add(Sql.Of(CalledMax + 1));
        HashSet<string> ids = [];
        await using var rows = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await rows.ReadAsync(CancellationToken.None)) ids.Add(rows.GetString(0));
        var all = ids.Count > CalledMax ? null : ids.ToFrozenSet(StringComparer.Ordinal);
        return keys.ToDictionary(key => key, _ => all);
    }

    private async Task<Account?> AskAccountAsync(string id, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var found = await AccountLoader.LoadAsync(connection, [id], cancellation);
        return found.Count == 0 ? null : found[0];
    }

    private static async Task<IReadOnlyDictionary<string, ReferenceOwners>> AskOwnersAsync(
        NpgsqlDataSource database, IReadOnlyCollection<string> references)
    {
        await using var command = database.CreateCommand(
            """
            SELECT g.key, o.account_id, m.mode FROM unnest($1) AS g (key), (VALUES ('live'), ('test')) AS m (mode), LATERAL (
                SELECT r.account_id FROM account_references r JOIN accounts a ON a.id = r.account_id
                WHERE r.key = g.key AND NOT r.archived AND NOT a.archived AND a.mode = m.mode ORDER BY r.account_id LIMIT 10) o
            """);
        command.Parameters.Add(Sql.Of(references.ToArray()));
        var found = references.ToDictionary(one => one, _ => (Live: new List<string>(), Test: new List<string>()), StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await rows.ReadAsync(CancellationToken.None)) (rows.GetString(2) == "test" ? found[rows.GetString(0)].Test : found[rows.GetString(0)].Live).Add(rows.GetString(1));
        return found.ToDictionary(one => one.Key, one => new ReferenceOwners(one.Value.Live, one.Value.Test), StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<Account>> AskLookupsAsync(Mode mode, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        List<string> ids = [];
        await using (var command = new NpgsqlCommand(
            "SELECT id FROM accounts WHERE lookup_url IS NOT NULL AND NOT archived AND mode = $1 ORDER BY id LIMIT $2", connection))
        {
            command.Parameters.Add(Sql.Of(mode.Word()));
            command.Parameters.Add(Sql.Of(LookupRule.AccountsMax + 1));
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) ids.Add(rows.GetString(0));
        }

        return await AccountLoader.LoadAsync(connection, ids, cancellation);
    }

    private static JsonElement Json(NpgsqlDataReader rows, int column)
    {
        if (rows.IsDBNull(column)) return default;
        using var document = JsonDocument.Parse(rows.GetString(column));
        return document.RootElement.Clone();
    }
}
