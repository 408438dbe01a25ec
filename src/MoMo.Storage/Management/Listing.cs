using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>Reads rows outside a transaction.</summary>
internal static class Listing
{
    public static async Task<T?> FindAsync<T>(
        this NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params NpgsqlParameter[] parameters)
        where T : class
    {
        var rows = await database.ListAsync(sql, read, cancellation, parameters);
        return rows.Count == 0 ? null : rows[0];
    }

    public static async Task<IReadOnlyList<T>> ListAsync<T>(
        this NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<T> found = [];
        while (await rows.ReadAsync(cancellation)) found.Add(read(rows));
        return found;
    }

    public static async Task<bool> HasAccountAsync(this NpgsqlDataSource database, string account, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT 1 FROM accounts WHERE id = $1");
        command.Parameters.Add(Sql.Of(account));
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    public static string? TextOrNull(this NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader rows, int column) =>
        rows.IsDBNull(column) ? null : rows.GetFieldValue<DateTimeOffset>(column);
}
