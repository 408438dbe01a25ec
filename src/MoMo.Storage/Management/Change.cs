using MoMo.Engine;
using MoMo.Storage.Catalog;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>One change of what the hub is configured to know: one transaction, told to all silos when it commits.</summary>
internal sealed class Change(NpgsqlConnection connection, CancellationToken cancellation)
{
    /// <summary>How often a change that lost a race is run again.</summary>
    private const int RetriesMax = 5;

    public NpgsqlConnection Connection => connection;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Runs a change; commits when it is accepted, and leaves no trace when it is refused.</summary>
    public static async Task<Outcome<T>> RunAsync<T>(
        NpgsqlDataSource database, Func<Change, Task<Outcome<T>>> work, CancellationToken cancellation) where T : class
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellation);
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                var outcome = await work(new Change(connection, cancellation));
                if (outcome.Refused is null) await transaction.CommitAsync(cancellation);
                return outcome;
            }
            catch (PostgresException e) when (Violations.Find(e) is { } refusal)
            {
                return refusal;
            }
            catch (PostgresException e) when (attempt < RetriesMax
                && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // Nothing was written; the same change again.
            }
        }
    }

    /// <summary>The first row, or null.</summary>
    public async Task<T?> FindAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params NpgsqlParameter[] parameters) where T : class
    {
        await using var command = Command(sql, parameters);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? read(rows) : null;
    }

    /// <summary>Whether there is a row.</summary>
    public async Task<bool> AnyAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>Changes rows, and says how many.</summary>
    public async Task<int> RunAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Tells all silos, once committed.</summary>
    public Task NotifyAsync(string what) => RunAsync($"SELECT pg_notify('{ChangeFeed.Channel}', $1)", Sql.Of(what));

    private NpgsqlCommand Command(string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }
}
