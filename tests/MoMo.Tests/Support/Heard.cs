using Npgsql;

namespace MoMo.Tests.Support;

/// <summary>Hears what is told to all silos.</summary>
internal sealed class Heard(NpgsqlConnection connection, List<string> heard) : IAsyncDisposable
{
    public static async Task<Heard> ListenAsync(TestDatabase database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.AppConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        List<string> heard = [];
        connection.Notification += (_, notice) => heard.Add(notice.Payload);
        await using var listen = new NpgsqlCommand("LISTEN momo_changed", connection);
        await listen.ExecuteNonQueryAsync();
        return new Heard(connection, heard);
    }

    /// <summary>Waits until something was heard so many times; 10 seconds at most. Other tests may use the same database.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync(string payload, int times)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (heard.Count(one => one == payload) < times) await connection.WaitAsync(patience.Token);
        return [.. heard.Where(one => one == payload)];
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
