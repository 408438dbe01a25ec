using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage;

/// <summary>
/// Reads a page of a list within a time limit: a filter that no index serves may not keep the database busy.
/// </summary>
internal static class BoundedList
{
    /// <summary>The page, or <c>list-too-wide</c> when the database needs more than three seconds for it.</summary>
    public static async Task<Outcome<IReadOnlyList<T>>> ReadAsync<T>(
        NpgsqlDataSource database, NpgsqlBatchCommand list, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Sql.Command("BEGIN READ ONLY"));
        batch.BatchCommands.Add(Sql.Command("SET LOCAL statement_timeout = '3s'"));
        batch.BatchCommands.Add(list);
        batch.BatchCommands.Add(Sql.Command("COMMIT"));
        List<T> found = [];
        try
        {
            await using var rows = await batch.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) found.Add(read(rows));
            await rows.NextResultAsync(cancellation); // Errors of what comes after the rows are told here.
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            return new Refusal("list-too-wide", "Too much would have to be read for this list: narrow it in time, or by account_id.");
        }

        return found;
    }
}
