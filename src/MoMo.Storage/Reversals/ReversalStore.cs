using System.Globalization;
using MoMo.Domain.Reversals;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Reversals;

/// <summary>Reads reversals. They are written by turns only.</summary>
public sealed class ReversalStore(NpgsqlDataSource database)
{
    /// <summary>The reversal, or null.</summary>
    public async Task<Reversal?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"{ReversalRow.Select} WHERE v.id = $1").With(Sql.Of(id));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? ReversalRow.Read(rows, 0) : null;
    }

    /// <summary>A page of reversals, newest first.</summary>
    /// <returns>The page, or <c>list-too-wide</c>.</returns>
    public Task<Outcome<IReadOnlyList<Reversal>>> ListAsync(ReversalFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var command = new NpgsqlBatchCommand();
        List<string> where = [];
        if (filter.AccountId is { } account)
            where.Add(Either("account_id", Place(account)));
        if (filter.PaymentId is { } payment)
            where.Add(Either("payment_id", Place(payment)));
        if (filter.Psp is { } psp) where.Add($"v.psp_id = {Place(psp)}");
        // What has no account yet has an index of its own.
        if (filter.Status is "held" or "orphaned" or "suspense") where.Add("v.id IN (SELECT id FROM reversals WHERE account_id IS NULL) AND v.account_id IS NULL");
        if (filter.Status is { } status)
        {
            where.Add(status switch
            {
                "held" => "v.held IS NOT NULL",
                "orphaned" => "v.payment_id IS NULL",
                "suspense" => "v.payment_id IS NOT NULL AND v.held IS NULL",
                _ => "v.account_id IS NOT NULL",
            });
        }

        where.AddRange(filter.Numbers.On("v.sequence", PlaceOf));
        if (filter.After is { } after) where.Add($"v.id < {Place(after)}");
        var conditions = where.Count > 0 ? $"WHERE {string.Join(" AND ", where)}" : "";
        var limit = Math.Clamp(filter.Limit, 1, 501).ToString(CultureInfo.InvariantCulture);
        command.CommandText = $"{ReversalRow.Select} {conditions} ORDER BY v.id DESC LIMIT {limit}";
        return BoundedList.ReadAsync(database, command, row => ReversalRow.Read(row, 0), cancellation);

        // As it was recorded, or as a link said later.
        static string Either(string column, string value) =>
            $"v.id IN (SELECT id FROM reversals WHERE {column} = {value} UNION ALL SELECT reversal_id FROM reversal_links WHERE {column} = {value})";

        string Place<T>(T value) => PlaceOf(Sql.Of(value));

        string PlaceOf(NpgsqlParameter value)
        {
            command.Parameters.Add(value);
            return $"${command.Parameters.Count.ToString(CultureInfo.InvariantCulture)}";
        }
    }

    /// <summary>How much was taken back of payments, in minor units; those of which nothing was are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> ReversedAsync(IReadOnlyCollection<Guid> payments, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(payments);
        await using var command = database.CreateCommand(
            """
            SELECT v.payment_id, sum(v.amount_minor)::bigint FROM reversals_now v
            WHERE v.held IS NULL AND v.id IN (
                SELECT id FROM reversals WHERE payment_id = ANY($1) UNION ALL SELECT reversal_id FROM reversal_links WHERE payment_id = ANY($1))
            GROUP BY v.payment_id
            """).With(Sql.Of(payments.ToArray()));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        Dictionary<Guid, long> reversed = [];
        while (await rows.ReadAsync(cancellation)) reversed[rows.GetGuid(0)] = rows.GetInt64(1);
        return reversed;
    }
}
