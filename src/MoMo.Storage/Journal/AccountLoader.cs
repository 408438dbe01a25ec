using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>Reads accounts with their destinations, as their actors remember them.</summary>
internal static class AccountLoader
{
    public static async Task<IReadOnlyList<Account>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT a.id, a.name, a.lookup_url, a.archived, h.version, d.lane, d.id, d.kind, d.paused,
                d.events, d.currencies, d.psps, a.mode
            FROM accounts a JOIN account_heads h ON h.account_id = a.id LEFT JOIN destinations d ON d.account_id = a.id
            WHERE a.id = ANY($1) ORDER BY a.id, d.lane
            """,
            connection)
        {
            Parameters = { Sql.Of(ids as string[] ?? [.. ids]) },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<Account> accounts = [];
        List<Destination> destinations = [];
        while (await rows.ReadAsync(cancellation))
        {
            var id = rows.GetString(0);
            if (accounts.Count == 0 || accounts[^1].Id != id)
            {
                destinations = [];
                var lookup = rows.IsDBNull(2) ? null : new Uri(rows.GetString(2));
                accounts.Add(new Account(id, rows.GetString(1), lookup, rows.GetBoolean(3), rows.GetInt64(4), destinations)
                {
                    Mode = Modes.Find(rows.GetString(12))!.Value,
                });
            }

            if (!rows.IsDBNull(5)) destinations.Add(ReadDestination(rows));
        }

        return accounts;
    }

    private static Destination ReadDestination(NpgsqlDataReader rows) => new(rows.GetInt64(5), rows.GetString(6), rows.GetString(7), rows.GetBoolean(8))
    {
        Filter = rows.IsDBNull(9) && rows.IsDBNull(10) && rows.IsDBNull(11) ? DestinationFilter.All : new(Set(rows, 9), Set(rows, 10), Set(rows, 11)),
    };

    private static HashSet<string>? Set(NpgsqlDataReader rows, int column) =>
        rows.IsDBNull(column) ? null : new(rows.GetFieldValue<string[]>(column), StringComparer.Ordinal);
}
