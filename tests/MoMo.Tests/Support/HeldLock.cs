using Npgsql;

namespace MoMo.Tests.Support;

/// <summary>What a transaction holds that nobody ends until it is disposed of: the others wait, or are told that they waited too long.</summary>
internal sealed class HeldLock : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private HeldLock(NpgsqlConnection connection, NpgsqlTransaction transaction) => (this.connection, this.transaction) = (connection, transaction);

    /// <summary>Begins, and takes what the statement locks.</summary>
    public static async Task<HeldLock> TakeAsync(string connectionString, string statement)
    {
        var connection = await Sql.OpenAsync(connectionString);
        var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand(statement, connection, transaction);
        await hold.ExecuteNonQueryAsync();
        return new HeldLock(connection, transaction);
    }

    /// <summary>SQL of the locks that somebody waits for at a table of the connection's database.</summary>
    public static string Waiting(string table) =>
        $"FROM pg_locks WHERE relation = '{table}'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND NOT granted";

    public async ValueTask DisposeAsync()
    {
        await transaction.RollbackAsync();
        await connection.DisposeAsync();
    }
}
