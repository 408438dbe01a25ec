using System.Runtime.Versioning;
using System.Diagnostics;
using MoMo.Storage.Cluster;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Chaos;

/// <summary>The database dies while a file is read: the sender is told, and sends it again.</summary>
[Collection(nameof(Chaos))]
[UnsupportedOSPlatform("windows")]
public sealed class FileDatabaseKillTests : IDisposable
{
    private const int Rows = 60_000;

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_whose_database_dies_is_answered_and_taken_once_when_it_is_sent_again()
    {
        await using var cluster = await PrivateCluster.StartAsync(folder.Path, new PrivateClusterOptions { SharedBuffersMegabytes = 16 });
        var restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Restarted += (_, _) => restarted.TrySetResult();
        var app = new NpgsqlConnectionStringBuilder(cluster.AppConnectionString) { MaxPoolSize = 20 }.ConnectionString;
        var database = new TestDatabase(PrivateCluster.DatabaseName, cluster.OwnerConnectionString, app);
        // Small turns, so that the window is full of payments that wait when the database goes.
        await using var silo = await SiloHost.StartAsync(database, ("MoMo:Journal:BatchMax", "50"), ("MoMo:Journal:WritersMax", "1"));
        await silo.Hub.AddPspAsync("psp");
        await silo.Hub.AddAccountAsync("a5");
        await CsvStatement.AddAdapterAsync(silo.Hub);
        var bytes = CsvStatement.Of(Rows, "a5");
        using var patient = new HubClient(silo.Hub.Url, silo.Key);
        patient.Http.Timeout = TimeSpan.FromMinutes(2);
        var sending = SendAsync(patient, bytes);
        await Eventually.TrueAsync(async () => await CountAsync(database) > 10_000, () => "enough payments that the window is full");
        using (var server = Process.GetProcessById(cluster.ServerPid)) server.Kill();

        var told = await sending;
        Assert.True(told.Status == 503, told.ToString());
        await restarted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var again = await SendAsync(patient, bytes);
        while (again.Status == 503) again = await SendAsync(patient, bytes);
        Assert.True(again.Status == 200, again.ToString());
        Assert.Equal(Rows, await CountAsync(database));
        await JournalHost.AssertLawfulAsync(database);
    }

    private static async Task<HubAnswer> SendAsync(HubClient hub, byte[] bytes)
    {
        using var body = new ByteArrayContent(bytes);
        return await hub.SendAsync(HttpMethod.Post, "/v1/adapters/csv/files", body);
    }

    private static Task<long> CountAsync(TestDatabase database) => Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments");
}
