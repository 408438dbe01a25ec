using Npgsql;

namespace MoMo.Tests.Support;

/// <summary>One statement on a connection of its own.</summary>
internal static class Sql
{
    /// <summary>Asks for one value, which must not be null.</summary>
    public static async Task<T> AskAsync<T>(string connectionString, string question)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(question, connection);
        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"No row: {question}"));
    }

    /// <summary>Runs a statement or several.</summary>
    public static async Task DoAsync(string connectionString, string statements)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A connection that is in no pool.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
