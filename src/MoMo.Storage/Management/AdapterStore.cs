using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Adapters;
using MoMo.Engine;
using MoMo.Storage.Adapters;
using MoMo.Storage.Questions;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Management;

/// <summary>Adapters: create, read, change, delete.</summary>
public sealed class AdapterStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns =
        $"""
        id, psp_id, name, format, settings, rules, archived, callback_secret IS NOT NULL,
        state, state_detail, state_since, seen_at, lease_until, version, created_at, mode,
        {Management.Credentials.Shown}
        """;

    /// <summary>The adapter, or null.</summary>
    public Task<AdapterRow?> FindAsync(string id, CancellationToken cancellation) =>
        database.FindAsync($"SELECT {Columns} FROM adapters WHERE id = $1", Read, cancellation, Sql.Of(id));

    /// <summary>Adapters by id.</summary>
    public Task<IReadOnlyList<AdapterRow>> ListAsync(PageQuery page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        return database.ListAsync(
            $"SELECT {Columns} FROM adapters WHERE id > $1 AND ($2 IS NULL OR lower(name) = lower($2)) ORDER BY id LIMIT $3",
            Read, cancellation, Sql.Of(page.After), Sql.Text(page.Name), Sql.Of(page.Max));
    }

    /// <summary>Creates an adapter.</summary>
    /// <returns>It, with its callback secret if its format has one; or <c>psp-unknown</c> (field psp), <c>id-taken</c>, <c>name-taken</c>.</returns>
    public Task<Outcome<AdapterRow>> CreateAsync(AdapterDraft draft, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Change.RunAsync<AdapterRow>(
            database,
            async change =>
            {
                if (!await change.AnyAsync("SELECT 1 FROM psps WHERE id = $1 FOR KEY SHARE", Sql.Of(draft.Psp)))
                    return PspUnknown(draft.Psp);
                var secret = draft.Called ? CallbackSecret.Make() : null;
                var now = clock.GetUtcNow();
                await change.RunAsync(
                    """
                    INSERT INTO adapters (id, psp_id, name, format, settings, rules, archived, callback_secret, created_at, mode)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                    """,
                    Sql.Of(draft.Id), Sql.Of(draft.Psp), Sql.Of(draft.Name), Sql.Of(draft.Format), Sql.Text(draft.Settings), Sql.Text(draft.Rules),
                    Sql.Of(draft.Archived), Bytes(secret is null ? null : CallbackSecret.Hash(secret)), Sql.Time(now),
                    Sql.Of((draft.Mode ?? Mode.Live).Word()));
                await Management.Credentials.SetAsync(change, draft.Id, draft.Credentials, now);
                await Agenda.SetAsync(change.Connection, AdapterLeases.AgendaKind, draft.Id, null, change.Cancellation);
                await change.NotifyAsync($"adapter:{draft.Id}");
                return (await FindAsync(change, draft.Id))! with { CallbackSecret = secret };
            },
            cancellation);
    }

    /// <summary>Changes an adapter. A format that is called at a secret path gets one when it has none; another format loses it.</summary>
    /// <param name="draft">What it is to be.</param>
    /// <param name="match">Which version may be changed.</param>
    /// <param name="keeps">Says of the adapter as it is why its credentials can't be kept with the new settings; null when they can.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>
    /// It as it is now, or <c>adapter-unknown</c>, <c>etag-mismatch</c>, <c>psp-fixed</c>, <c>mode-fixed</c>, <c>name-taken</c>, <c>key-ambiguous</c>, or
    /// what <paramref name="keeps"/> says.
    /// </returns>
    public Task<Outcome<AdapterRow>> ChangeAsync(
        AdapterDraft draft, VersionMatch match, Func<AdapterRow, Refusal?> keeps, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Change.RunAsync<AdapterRow>(
            database,
            async change =>
            {
                if (await LockAsync(change, draft.Id, "NO KEY UPDATE") is not { } stored) return Unknown.Adapter(draft.Id);
                if (match.Check(stored.Version) is { } stale) return stale;
                if (stored.Draft.Psp != draft.Psp)
                    return Refusal.Of("psp", "psp-fixed", $"An adapter's PSP can't be changed; this one is of '{stored.Draft.Psp}'.");
                if (draft.Mode is { } mode && mode != stored.Draft.Mode)
                    return Refusal.Of("mode", "mode-fixed", $"An adapter's mode can't be changed; this one is {stored.Draft.Mode!.Value.Word()}.");
                if (keeps(stored) is { } refusal) return refusal;
                if (stored.Draft.Archived && !draft.Archived && await SharedKeyAsync(change, stored.Draft) is { } shared) return shared;
                var secret = draft.Called && !stored.Draft.Called ? CallbackSecret.Make() : null;
                await change.RunAsync(
                    """
                    UPDATE adapters SET name = $2, format = $3, settings = $4, rules = $5, archived = $6,
                        callback_secret = CASE WHEN $7 THEN coalesce($8, callback_secret) END, version = version + 1
                    WHERE id = $1
                    """,
                    Sql.Of(draft.Id), Sql.Of(draft.Name), Sql.Of(draft.Format), Sql.Text(draft.Settings), Sql.Text(draft.Rules),
                    Sql.Of(draft.Archived), Sql.Of(draft.Called), Bytes(secret is null ? null : CallbackSecret.Hash(secret)));
                await Management.Credentials.SetAsync(change, draft.Id, draft.Credentials, clock.GetUtcNow());
                // What could not be asked with the configuration of before, perhaps can be now.
                await change.RunAsync(
                    "UPDATE agenda SET due_at = least(due_at, $3) WHERE kind = $1 AND key = $2 AND due_at < 'infinity'",
                    Sql.Of(QuestionStore.AgendaKind), Sql.Of(draft.Id), Sql.Time(clock.GetUtcNow()));
                await change.NotifyAsync($"adapter:{draft.Id}");
                return (await FindAsync(change, draft.Id))! with { CallbackSecret = secret };
            },
            cancellation);
    }

    /// <summary>Deletes an adapter that nothing depends on.</summary>
    /// <returns>It as it was, or <c>adapter-unknown</c>, <c>etag-mismatch</c>, <c>in-use</c>.</returns>
    public async Task<Outcome<AdapterRow>> DeleteAsync(string id, VersionMatch match, CancellationToken cancellation)
    {
        try
        {
            return await Change.RunAsync<AdapterRow>(
                database,
                async change =>
                {
                    if (await LockAsync(change, id, "UPDATE") is not { } stored) return Unknown.Adapter(id);
                    if (match.Check(stored.Version) is { } stale) return stale;
                    var users = await AdapterUse.FindAsync(change, stored);
                    if (users.Count > 0) return InUse.By("Adapter", id, users);
                    await change.RunAsync("DELETE FROM adapters WHERE id = $1", Sql.Of(id));
                    await Agenda.RemoveAsync(change.Connection, AdapterLeases.AgendaKind, id, change.Cancellation);
                    await change.NotifyAsync($"adapter:{id}");
                    return stored;
                },
                cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            return new Refusal("in-use", $"Whether adapter '{id}' brought a payment can't be found out in {AdapterUse.TimeMax.TotalSeconds} seconds. Archive it instead.");
        }
    }

    /// <summary>An adapter to create names a PSP that there is not.</summary>
    public static Refusal PspUnknown(string psp) => Refusal.Of("psp", "psp-unknown", $"There is no PSP '{psp}'; create it first.");

    private static Task<AdapterRow?> FindAsync(Change change, string id) =>
        change.FindAsync($"SELECT {Columns} FROM adapters WHERE id = $1", Read, Sql.Of(id));

    private static Task<AdapterRow?> LockAsync(Change change, string id, string strength) =>
        change.FindAsync($"SELECT {Columns} FROM adapters WHERE id = $1 FOR {strength}", Read, Sql.Of(id));

    /// <summary>A key that has the adapter and another live one of its PSP would be refused for both, once the adapter is no longer archived.</summary>
    private static async Task<Refusal?> SharedKeyAsync(Change change, AdapterDraft adapter)
    {
        // Two adapters of a PSP that come back at once must see each other.
        await change.RunAsync("SELECT 1 FROM psps WHERE id = $1 FOR NO KEY UPDATE", Sql.Of(adapter.Psp));
        return await change.FindAsync(
            """
            SELECT k.id, o.id FROM api_keys k JOIN adapters o ON o.psp_id = $2 AND o.id <> $1 AND NOT o.archived AND 'adapter:' || o.id = ANY(k.scopes)
            WHERE 'adapter:' || $1 = ANY(k.scopes) ORDER BY k.id, o.id LIMIT 1
            """,
            rows => new Refusal(
                "key-ambiguous",
                $"Key '{rows.GetString(0)}' has this adapter and '{rows.GetString(1)}' of the same PSP: nobody could tell through which one a payment came. "
                + "Make a key for each of them and delete this key first."),
            Sql.Of(adapter.Id), Sql.Of(adapter.Psp));
    }

    private static NpgsqlParameter Bytes(byte[]? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static AdapterRow Read(NpgsqlDataReader rows) => new(
        new AdapterDraft(
            rows.GetString(0),
            rows.GetString(1),
            rows.GetString(2),
            rows.GetString(3),
            rows.TextOrNull(4),
            rows.TextOrNull(5),
            rows.GetBoolean(6))
        {
            Mode = Modes.Find(rows.GetString(15)),
            Called = rows.GetBoolean(7),
        },
        new AdapterLiveness(rows.GetString(8), rows.TextOrNull(9), rows.TimeOrNull(10), rows.TimeOrNull(11), rows.TimeOrNull(12)),
        rows.GetInt64(13),
        rows.GetFieldValue<DateTimeOffset>(14))
    {
        Credentials = rows.IsDBNull(16) ? [] : JsonSerializer.Deserialize(rows.GetString(16), StoredJson.Default.CredentialRowArray)!,
    };
}
