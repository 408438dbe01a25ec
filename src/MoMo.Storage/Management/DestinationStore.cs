using System.Globalization;
using MoMo.Domain;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace MoMo.Storage.Management;

/// <summary>Destinations of accounts: create, read, change, delete, each under the account's head. Account ids are canonical.</summary>
/// <param name="database">Connects as the runtime role.</param>
/// <param name="seal">Seals a secret for a purpose (<c>destination:account/id</c>).</param>
/// <param name="clock">Tells the time.</param>
public sealed class DestinationStore(NpgsqlDataSource database, Func<string, string, string> seal, TimeProvider clock)
{
    /// <summary>Destinations of one account at most: each payment makes one delivery for each.</summary>
    public const int Max = 20;

    /// <summary>Dead letters that are counted at most, to say how many hold a destination.</summary>
    public const int DeadCountMax = 10_000;

    /// <summary>Kind of agenda row that a lane has.</summary>
    public const string AgendaKind = "lane";

    /// <summary>Pending deliveries that are given up at once while the account goes on.</summary>
    private const int GivenUpMax = 1_000;

    private static readonly string[] Waits = ["NOT waits", "waits"];

    private const string Columns = DestinationRow.Columns;

    /// <summary>They are kept or given as a whole.</summary>
    private const string CredentialsField = "credentials";

    /// <summary>What a destination's secret is sealed for.</summary>
    public static string Purpose(string account, string id) => $"destination:{account}/{id}";

    /// <summary>The destination, or null.</summary>
    public Task<DestinationRow?> FindAsync(string account, string id, CancellationToken cancellation) => database.FindAsync(
        $"SELECT {Columns} FROM destinations WHERE account_id = $1 AND id = $2", DestinationRow.Read, cancellation, Sql.Of(account), Sql.Of(id));

    /// <summary>Destinations by id; null when there is no such account.</summary>
    public async Task<IReadOnlyList<DestinationRow>?> ListAsync(string account, PageQuery page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        var found = await database.ListAsync(
            $"SELECT {Columns} FROM destinations WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3",
            DestinationRow.Read, cancellation, Sql.Of(account), Sql.Of(page.After), Sql.Of(page.Max));
        return found.Count > 0 || await database.HasAccountAsync(account, cancellation) ? found : null;
    }

    /// <summary>Creates a destination with a lane of its own, and a signing secret if its kind signs.</summary>
    /// <returns>It with its secret, or <c>account-unknown</c>, <c>psp-unknown</c>, <c>id-taken</c>, <c>url-taken</c>, <c>destinations-full</c>.</returns>
    public Task<Outcome<DestinationRow>> CreateAsync(string account, string id, DestinationDraft draft, NewSecret? secret, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Change.RunAsync<DestinationRow>(
            database,
            async change =>
            {
                if (!await AccountHead.LockAsync(change, account)) return Unknown.Account(account);
                if (await UnknownPspAsync(change, draft.Settings.Psps, []) is { } unknown) return unknown;
                if (await change.AnyAsync("SELECT 1 FROM destinations WHERE account_id = $1 OFFSET $2 LIMIT 1", Sql.Of(account), Sql.Of(Max - 1)))
                    return new Refusal("destinations-full", $"Account '{account}' has {Max} destinations, the most an account may have.");
                var created = await change.FindAsync(
                    $"""
                    INSERT INTO destinations (account_id, id, url, paused, ordering, retry_waits, concurrency_max, rate_per_second, breaker,
                        events, currencies, psps, settings, credentials, kind, secret, public_key, created_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING {Columns}
                    """,
                    DestinationRow.Read,
                    [
                        .. Values(account, id, draft), Sql.Of(draft.Kind), Sql.Text(Seal(account, id, secret?.Text)), Sql.Text(secret?.PublicKey),
                        Sql.Time(clock.GetUtcNow()),
                    ]);
                await change.RunAsync(
                    "INSERT INTO lane_marks (lane, since, mark) SELECT $1, sequence, sequence FROM account_heads WHERE account_id = $2",
                    Sql.Of(created!.Lane), Sql.Of(account));
                await Agenda.SetAsync(change.Connection, AgendaKind, Lane(created), null, change.Cancellation);
                await AccountHead.RaiseAsync(change, account);
                return created with { Secret = secret is { PublicKey: null } ? secret.Text : null };
            },
            cancellation);
    }

    /// <summary>Changes a destination. When it is no longer paused, its lane is due at once, and catches up at a bounded rate.</summary>
    /// <returns>
    /// It as it is now, or <c>destination-unknown</c>, <c>etag-mismatch</c>, <c>url-taken</c>, <c>kind-fixed</c>, <c>credential-moved</c>,
    /// <c>psp-unknown</c>, <c>credentials-missing</c>.
    /// </returns>
    public async Task<Outcome<DestinationRow>> ChangeAsync(
        string account, string id, DestinationDraft draft, VersionMatch match, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        // What is due by the filter of before gets its row while the account may go on; what comes meanwhile gets it under the head.
        if (await FindAsync(account, id, cancellation) is { } before && !SameFilter(before.Settings, draft.Settings))
            await UnwrittenDeliveries.WriteAsync(database, before.Lane, cancellation);
        return await DestinationChange.RunAsync(
            database, account, id, match,
            async (change, stored) =>
            {
                if (stored.Kind != draft.Kind) return Refusal.Of("kind", "kind-fixed", "A destination's kind can't be changed; create another destination.");
                if (draft.IsWithoutCredentials && !stored.HasCredentials)
                {
                    var missing = DestinationDraft.CredentialsMissing;
                    return Refusal.Of(missing.Field, missing.Code, missing.Detail);
                }

                if (draft.Credentials is null && stored.HasCredentials
                    && SentCredential.Check(CredentialsField, Sends(stored.Url), Sends(draft.Url)) is { } moved)
                    return moved;
                // One that was deleted since does not keep anybody from changing the rest.
                if (await UnknownPspAsync(change, draft.Settings.Psps, stored.Settings.Psps ?? []) is { } unknown) return unknown;
                if (!SameFilter(stored.Settings, draft.Settings)) await UnwrittenDeliveries.WriteAsync(change, stored.Lane);
                var changed = await change.FindAsync(
                    $"""
                    UPDATE destinations SET url = $3, paused = $4, paused_reason = CASE WHEN $4 THEN paused_reason END, ordering = $5, retry_waits = $6,
                        concurrency_max = $7, rate_per_second = $8, breaker = $9, events = $10, currencies = $11, psps = $12, settings = $13,
                        credentials = coalesce($14, credentials), version = version + 1
                    WHERE account_id = $1 AND id = $2 RETURNING {Columns}
                    """,
                    DestinationRow.Read, Values(account, id, draft));
                var isOther = draft.Credentials is not null || (stored.Url, stored.KindSettings) != (draft.Url, draft.KindSettings);
                var (resumed, reordered) = (stored.Paused && !draft.Paused, stored.Settings.Order != draft.Settings.Order);
                if (resumed || isOther) await StartAnewAsync(change, stored.Lane);
                if (resumed || reordered) await Agenda.SetAsync(change.Connection, AgendaKind, Lane(stored), clock.GetUtcNow(), change.Cancellation);
                return changed!;
            },
            cancellation);
    }

    /// <summary>Deletes a destination that nothing waits for. Finished deliveries stay, as history, and its id with them; nobody can send them again.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="id">Its id.</param>
    /// <param name="giveUp">
    /// Whether its dead letters are given up, and of a paused one what is pending with them. Without this they hold it.
    /// </param>
    /// <param name="match">Which versions may be deleted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>It as it was, or <c>destination-unknown</c>, <c>etag-mismatch</c>, <c>in-use</c>, <c>dead-letters</c>.</returns>
    public async Task<Outcome<DestinationRow>> DeleteAsync(
        string account, string id, bool giveUp, VersionMatch match, CancellationToken cancellation)
    {
        // What came since its lane fell asleep is looked through while the account may go on.
        if (await FindAsync(account, id, cancellation) is { } known)
        {
            if (giveUp && known.Paused && match.Check(known.Version) is null) await GiveUpAsync(known.Lane, cancellation);
            else await UnwrittenDeliveries.PassAsync(database, known.Lane, cancellation);
        }

        return await DestinationChange.RunAsync(database, account, id, match, (change, stored) => DeleteAsync(change, stored, account, id, giveUp), cancellation);
    }

    private async Task<Outcome<DestinationRow>> DeleteAsync(Change change, DestinationRow stored, string account, string id, bool giveUp)
    {
        // Nobody sends to it, so what is pending would hold it for ever.
        if (giveUp && stored.Paused) await GiveUpAsync(change, stored.Lane);
        else if (await change.AnyAsync(
            """
            (SELECT 1 FROM delivery_rows WHERE lane = $1 AND state = 'pending' AND NOT waits LIMIT 1)
            UNION ALL (SELECT 1 FROM delivery_rows WHERE lane = $1 AND state = 'pending' AND waits LIMIT 1)
            UNION ALL (SELECT 1 FROM unwritten_deliveries WHERE lane = $1 LIMIT 1)
            """,
            Sql.Of(stored.Lane)))
            return new Refusal(
                "in-use",
                $"Destination '{id}' is used by pending deliveries. Let them arrive, or pause it; of a paused one they can be given up: dead_letters=give_up.");
        // Only pending ones die, and only under the head, which we hold, are dead ones pending again: none can come after this look.
        if (!giveUp && await DeadAsync(change, stored.Lane) is > 0 and var dead) return DeadLetters(id, dead);
        await change.RunAsync(
            "INSERT INTO removed_destinations (lane, account_id, id, kind, removed_at) VALUES ($1, $2, $3, $4, $5)",
            Sql.Of(stored.Lane), Sql.Of(account), Sql.Of(id), Sql.Of(stored.Kind), Sql.Time(clock.GetUtcNow()));
        await change.RunAsync("DELETE FROM destinations WHERE lane = $1", Sql.Of(stored.Lane));
        await change.RunAsync("DELETE FROM lane_states WHERE lane = $1", Sql.Of(stored.Lane));
        await change.RunAsync("DELETE FROM lane_marks WHERE lane = $1", Sql.Of(stored.Lane));
        await Agenda.RemoveAsync(change.Connection, AgendaKind, Lane(stored), change.Cancellation);
        return stored;
    }

    /// <summary>A filter by a PSP that there is not would let nothing through, and say nothing.</summary>
    private static async Task<Refusal?> UnknownPspAsync(Change change, IReadOnlyList<string>? wanted, IReadOnlyList<string> known)
    {
        string[] asked = [.. (wanted ?? []).Except(known, StringComparer.Ordinal)];
        if (asked.Length == 0) return null;
        var unknown = await change.FindAsync(
            "SELECT id FROM unnest($1) WITH ORDINALITY AS g (id, place) WHERE NOT EXISTS (SELECT FROM psps p WHERE p.id = g.id) ORDER BY place LIMIT 1",
            rows => rows.GetString(0), Sql.Of(asked));
        return unknown is null ? null : Refusal.Of("psps", "psp-unknown", Unknown.Psp(unknown).Detail);
    }

    /// <summary>
    /// What is pending is dead, and history. An attempt that is under way changes nothing of it any more. Page by page while the account goes on: should the
    /// destination stay after all, they are dead letters.
    /// </summary>
    private async Task GiveUpAsync(long lane, CancellationToken cancellation)
    {
        await UnwrittenDeliveries.WriteAsync(database, lane, cancellation);
        foreach (var waits in Waits)
        {
            await using var command = database.CreateCommand(GivenUp(waits, $"ORDER BY sequence LIMIT {GivenUpMax}")).With(Sql.Of(lane));
            while (await command.ExecuteNonQueryAsync(cancellation) == GivenUpMax) { }
        }
    }

    /// <summary>The last of them, in the change that removes it.</summary>
    private static async Task GiveUpAsync(Change change, long lane)
    {
        await UnwrittenDeliveries.WriteAsync(change, lane);
        foreach (var waits in Waits) await change.RunAsync(GivenUp(waits, "ORDER BY sequence"), Sql.Of(lane));
    }

    /// <summary>SQL that gives up those that wait, or those that don't: each kind has an index.</summary>
    private static string GivenUp(string waits, string page) => $"""
        UPDATE delivery_rows SET state = 'dead', waits = true, last_error = 'Given up with its destination.', cause = NULL
        WHERE id = ANY(ARRAY(SELECT id FROM delivery_rows WHERE lane = $1 AND state = 'pending' AND {waits} {page})) AND state = 'pending'
        """;

    /// <summary>Dead letters of a lane, one more than <see cref="DeadCountMax"/> at most.</summary>
    private static async Task<long> DeadAsync(Change change, long lane)
    {
        await using var count = new NpgsqlCommand(
            "SELECT count(*) FROM (SELECT FROM delivery_rows WHERE lane = $1 AND state = 'dead' ORDER BY sequence, id LIMIT $2) dead", change.Connection)
            .With(Sql.Of(lane), Sql.Of(DeadCountMax + 1));
        return (long)(await count.ExecuteScalarAsync(change.Cancellation))!;
    }

    private static Refusal DeadLetters(string id, long count)
    {
        var dead = count switch
        {
            1 => "1 dead letter",
            > DeadCountMax => string.Create(CultureInfo.InvariantCulture, $"more than {DeadCountMax:N0} dead letters"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{count:N0} dead letters"),
        };
        return new Refusal(
            "dead-letters",
            $"Destination '{id}' has {dead}, which nobody could send again without it. Replay them, or say that they are given up: dead_letters=give_up.");
    }

    private static SentCredential[] Sends(string url) =>
        SentCredential.ServerOf(url) is { } server ? [new SentCredential(CredentialsField, "settings.host", server)] : [];

    private static bool SameFilter(DestinationSettings one, DestinationSettings other)
    {
        return Same(one.Events, other.Events) && Same(one.Currencies, other.Currencies) && Same(one.Psps, other.Psps);

        static bool Same(IReadOnlyList<string>? some, IReadOnlyList<string>? others) =>
            (some is null) == (others is null) && (some ?? []).ToHashSet(StringComparer.Ordinal).SetEquals(others ?? []);
    }

    /// <summary>What was held against the lane is forgotten, and its rest ended. It goes slowly at first.</summary>
    private static async Task StartAnewAsync(Change change, long lane)
    {
        await change.RunAsync(LaneStore.EndRest("$1").CommandText, Sql.Of(lane));
        await change.RunAsync(
            """
            INSERT INTO lane_states (lane, recovering) VALUES ($1, true)
            ON CONFLICT (lane) DO UPDATE SET failing_since = NULL, opened = 0, open_since = NULL, recovering = true, rest_until = NULL
            """,
            Sql.Of(lane));
    }

    private NpgsqlParameter[] Values(string account, string id, DestinationDraft draft)
    {
        var settings = draft.Settings;
        return
        [
            Sql.Of(account), Sql.Of(id), Sql.Of(draft.Url), Sql.Of(draft.Paused), Sql.Of(DeliveryWords.Of(settings.Order)),
            new() { Value = (object?)settings.RetryWaits?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
            new() { Value = (object?)settings.ConcurrencyMax ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
            new() { Value = (object?)settings.RatePerSecond ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double },
            Sql.Of(settings.Breaker), Words(settings.Events), Words(settings.Currencies), Words(settings.Psps),
            Sql.Of(draft.KindSettings), Sql.Text(Seal(account, id, draft.Credentials)),
        ];
    }

    private static NpgsqlParameter Words(IReadOnlyList<string>? words) =>
        new() { Value = (object?)words?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private string? Seal(string account, string id, string? text) => text is null ? null : seal(Purpose(account, id), text);

    private static string Lane(DestinationRow row) => LaneStore.Key(row.Lane);
}
