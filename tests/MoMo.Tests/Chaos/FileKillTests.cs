using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Chaos;

/// <summary>A file whose reading a crash cut short is read to its end by the next start, and sending it again takes nothing twice.</summary>
[Collection(nameof(Chaos))]
public sealed class FileKillTests(ITestOutputHelper output)
{
    private const int Rows = 60_000;

    [Fact]
    public async Task A_file_goes_on_where_a_kill_cut_it_short()
    {
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var server = await AccountServer.StartAsync();
        // Small turns, so that the kill hits between many commits.
        await using var silo = new SiloProcess(output, folder.Path, database, ("MoMo:Journal:BatchMax", "200"), ("MoMo:Journal:WritersMax", "1"));
        await silo.StartAsync();
        await KillTests.PrepareAsync(silo.Hub, server);
        await CsvStatement.AddAdapterAsync(silo.Hub);
        var bytes = CsvStatement.Of(Rows, "a5", "a6");
        var sending = SendAsync(silo.Hub, bytes);
        long taken = 0;
        await Eventually.TrueAsync(async () => (taken = await CountAsync(database)) > 1_000, () => $"the first payments; {taken}");
        await silo.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
        Assert.InRange(await CountAsync(database), 1_001, Rows - 1);

        await silo.StartAsync();
        await Eventually.TrueAsync(
            async () => await Sql.AskAsync<string>(database.AppConnectionString, "SELECT state FROM files") == "taken",
            () => "the end of the file");
        Assert.Equal(Rows, await CountAsync(database));
        var again = await SendAsync(silo.Hub, bytes);
        Assert.True(again.Status == 200, again.ToString());
        Assert.Equal(Rows, await CountAsync(database));
        Assert.Equal(Rows / 2, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT sequence FROM account_heads WHERE account_id = 'a5'"));
        await JournalHost.AssertLawfulAsync(database);
    }

    private static async Task<HubAnswer> SendAsync(HubClient hub, byte[] bytes)
    {
        using var body = new ByteArrayContent(bytes);
        using var patient = new HubClient(hub.Url, hub.Http.DefaultRequestHeaders.Authorization!.Parameter);
        patient.Http.Timeout = TimeSpan.FromMinutes(5); // a file is answered when all of it is taken
        return await patient.SendAsync(HttpMethod.Post, "/v1/adapters/csv/files", body);
    }

    private static Task<long> CountAsync(TestDatabase database) => Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments");
}
