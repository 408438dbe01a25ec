using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Chaos;

/// <summary>A silo that is killed while it takes a file out of a watched folder takes the rest at its next start, and puts the file away once.</summary>
[Collection(nameof(Chaos))]
public sealed class ChannelKillTests(ITestOutputHelper output)
{
    private const int Rows = 30_000;

    [Fact]
    public async Task A_watched_file_survives_a_kill()
    {
        using var folder = new TestFolder();
        var inbox = Directory.CreateDirectory(Path.Combine(folder.Path, "inbox", "bank")).FullName;
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var server = await AccountServer.StartAsync();
        // Small turns, so that the kill hits between many commits.
        await using var silo = new SiloProcess(output, folder.Path, database, ("MoMo:Journal:BatchMax", "200"), ("MoMo:Journal:WritersMax", "1"));
        await silo.StartAsync();
        await KillTests.PrepareAsync(silo.Hub, server);
        await CsvStatement.AddAdapterAsync(silo.Hub);
        await File.WriteAllBytesAsync(Path.Combine(inbox, "day.csv"), CsvStatement.Of(Rows, "a5"));
        var set = await silo.Hub.PutAsync("/v1/adapters/csv/channel", new { kind = "folder", settings = new { path = "bank", ready = "at-once", interval_seconds = 5 } });
        Assert.True(set.Status == 200, set.ToString());

        long taken = 0;
        await Eventually.TrueAsync(async () => (taken = await CountAsync(database)) > 1_000, () => $"the first payments; {taken}");
        await silo.KillAsync();
        Assert.True(File.Exists(Path.Combine(inbox, "day.csv")));

        await silo.StartAsync();
        // The lease of the dead silo ends by itself; asking does not shorten it.
        await Eventually.TrueAsync(() => Directory.Exists(Path.Combine(inbox, "done")) && Directory.GetFiles(Path.Combine(inbox, "done")).Length == 1, () => $"not put away; {silo.Log}");
        Assert.Equal(Rows, await CountAsync(database));
        Assert.Equal(1, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM files"));
        await JournalHost.AssertLawfulAsync(database);
    }

    private static Task<long> CountAsync(TestDatabase database) => Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments");
}
