using System.Globalization;
using MoMo.Domain.Accounts;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>
/// Looks whether an account has payments of a reference. No index leads to them, so all its numbers are looked through, the newest first, within three
/// seconds together: most of them while the account goes on, and only those that came since under its head.
/// </summary>
/// <param name="account">Whose; canonical.</param>
/// <param name="key">The reference; canonical.</param>
/// <param name="clock">Tells how long it has looked.</param>
internal sealed class ReferenceUse(string account, string key, TimeProvider clock)
{
    /// <summary>Numbers that may be looked at while the account waits: a few milliseconds' work.</summary>
    private const long FewMax = 2_000;

    /// <summary>Payments that are read at once of those that may have the reference.</summary>
    private const int PageMax = 1_000;

    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HeldMax = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// In the order of their numbers. The columns have collation C, so <c>lower</c> knows ASCII only: what is beyond it is read whatever it says, as only
    /// <see cref="Account.Canonical"/> can tell.
    /// </summary>
    private static readonly string Page =
        $"""
        (SELECT p.sequence, p.reference_id, p.given_reference, NULL FROM payments p
            WHERE p.account_id = $1 AND p.sequence > $2 AND p.sequence < $3 AND ({Like("p.reference_id")} OR {Like("p.given_reference")})
            ORDER BY p.sequence DESC LIMIT {PageMax.ToString(CultureInfo.InvariantCulture)})
        UNION ALL
        (SELECT a.sequence, p.reference_id, p.given_reference, a.reference_id FROM assignments a JOIN payments p ON p.id = a.payment_id
            WHERE a.account_id = $1 AND a.sequence > $2 AND a.sequence < $3
                AND ({Like("p.reference_id")} OR {Like("p.given_reference")} OR {Like("a.reference_id")})
            ORDER BY a.sequence DESC LIMIT {PageMax.ToString(CultureInfo.InvariantCulture)})
        ORDER BY 1 DESC LIMIT {PageMax.ToString(CultureInfo.InvariantCulture)}
        """;

    private readonly long began = clock.GetTimestamp();
    private long seen; // no number up to this one has the reference

    private Refusal Used => new(
        "reference-in-use", $"Account '{account}' has payments of reference '{key}'. What is referenced can't be deleted; archive it instead.");

    private Refusal Late => new(
        "reference-in-use",
        $"Account '{account}' has so many payments that the hub could not make sure in time that none is of reference '{key}'. Archive it instead.");

    /// <summary>Looks through all but the newest few, without holding anybody up.</summary>
    /// <returns>Why the reference can't be deleted: <c>reference-in-use</c>; or null.</returns>
    public async Task<Refusal?> LookAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        for (var head = await HeadAsync(connection, cancellation); head - seen > FewMax; head = await HeadAsync(connection, cancellation))
        {
            if (await LookAsync(connection, head, LookMax - clock.GetElapsedTime(began), cancellation) is { } refusal) return refusal;
        }

        return null;
    }

    /// <summary>Looks at what came since; the change holds the account's head.</summary>
    /// <returns>Why the reference can't be deleted: <c>reference-in-use</c>; or null.</returns>
    public async Task<Refusal?> LookAsync(Change change)
    {
        var head = await HeadAsync(change.Connection, change.Cancellation);
        // More than a few came while the head was waited for: then it is not held for them.
        if (head - seen > 2 * FewMax) return Late;
        if (await LookAsync(change.Connection, head, HeldMax, change.Cancellation) is { } refusal) return refusal;
        // What is left of the look's time is not meant for the rest of the change.
        await change.RunAsync("SET LOCAL statement_timeout TO DEFAULT");
        return null;
    }

    private static string Like(string column) => $"strpos(lower({column}), $4) > 0 OR octet_length({column}) <> length({column})";

    private async Task<long> HeadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT sequence FROM account_heads WHERE account_id = $1", connection).With(Sql.Of(account));
        return (long?)await command.ExecuteScalarAsync(cancellation) ?? 0;
    }

    private async Task<Refusal?> LookAsync(NpgsqlConnection connection, long head, TimeSpan lasts, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        try
        {
            for (long? before = head + 1; before is { } number;)
            {
                var left = lasts - clock.GetElapsedTime(start);
                if (left < TimeSpan.FromMilliseconds(1)) return Late;
                (var found, before) = await ReadAsync(connection, number, left, cancellation);
                if (found) return Used;
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            return Late;
        }

        seen = head;
        return null;
    }

    /// <summary>Whether the reference is among the next page of those that may have it; if not, before which number to go on, or null at the end.</summary>
    private async Task<(bool Found, long? Before)> ReadAsync(NpgsqlConnection connection, long before, TimeSpan lasts, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        // By the index of the numbers, whatever the planner thinks of the rest.
        batch.BatchCommands.Add(Sql.Command(
            "SELECT set_config('statement_timeout', $1, true), set_config('enable_sort', 'off', true)",
            Sql.Of(((int)lasts.TotalMilliseconds).ToString(CultureInfo.InvariantCulture))));
        batch.BatchCommands.Add(Sql.Command(Page, Sql.Of(account), Sql.Of(seen), Sql.Of(before), Sql.Of(key)));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        var (count, last) = (0, before);
        for (; await rows.ReadAsync(cancellation); count++)
        {
            if (IsSame(rows, 1) || IsSame(rows, 2) || IsSame(rows, 3)) return (true, null);
            last = rows.GetInt64(0);
        }

        return (false, count < PageMax ? null : last);
    }

    private bool IsSame(NpgsqlDataReader rows, int column) => rows.TextOrNull(column) is { } text && Account.Canonical(text) == key;
}
