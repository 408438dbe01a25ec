using System.Globalization;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Chaos;

/// <summary>Law 2: whatever was acknowledged is kept once, numbered without a gap and delivered, however often the silo is killed.</summary>
/// <remarks>Beside the other tests of chaos, which go one after another: it takes half as long as all of them.</remarks>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Drivers = 24;

    /// <summary>A kill and the start after it take about a second; what takes this long hangs, however many kills there are.</summary>
    private static readonly TimeSpan KillMax = TimeSpan.FromMinutes(5);

    private static readonly string[] Told = ["a0", "a1", "a2", "a3", "a4"];
    private static readonly string[] Accounts = [.. Told, "a5", "a6"];

    /// <summary>How often the silo is killed; environment variable MOMO_KILLS, 50 by default.</summary>
    private static int Kills =>
        Environment.GetEnvironmentVariable("MOMO_KILLS") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 50;

    [Fact]
    public Task A_silo_killed_at_any_moment_loses_and_doubles_nothing() => Seed.WithAsync(async seed =>
    {
        var chance = new Random(seed);
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var server = await AccountServer.StartAsync();
        await using var silo = new SiloProcess(output, folder.Path, database, ("MoMo:Deliveries:Lease", "00:00:02"));
        await silo.StartAsync();
        await PrepareAsync(silo.Hub, server);
        await SlowDisk.UnderAsync(database.OwnerConnectionString);

        var up = Up(silo.Hub);
        var load = new Load(seed, Drivers, Accounts, _ => Volatile.Read(ref up).Task);
        var (progress, restarts) = (KillProgress.Of(Kills), 0);
        progress.Tell(0, 0, 0, 0);
        for (var kill = 1; kill <= Kills; kill++)
        {
            restarts += await KillAsync(silo, load, chance, down => Volatile.Write(ref up, down)).WaitAsync(KillMax);
            progress.Tell(kill, load.Acknowledged, server.Received.Count, restarts);
        }

        await load.MoreAsync(100);
        await load.StopAsync();
        output.WriteLine($"Seed {seed}, {Kills} kills: {load}, {server.Received.Count} webhooks.");
        Assert.True(load.Broken > 0, "No request was cut: the kills hit nothing.");
        await Laws.AssertKeptAsync(database.AppConnectionString, load, server, Told);
    });

    /// <summary>Kills the silo at a moment of chance and starts it again.</summary>
    /// <returns>How often it was started.</returns>
    private static async Task<int> KillAsync(SiloProcess silo, Load load, Random chance, Action<TaskCompletionSource<HubClient>> goDown)
    {
        // Some die in the crowd, some with the first request, and some before they are ready.
        if (chance.Next(4) > 0) await load.MoreAsync(chance.Next(1, 400));
        await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(50)));
        var down = new TaskCompletionSource<HubClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        goDown(down);
        await silo.KillAsync();
        var starts = 1;
        if (chance.Next(10) == 0)
        {
            starts++;
            _ = silo.Begin();
            await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(1_000)));
            await silo.KillAsync();
        }

        await silo.StartAsync();
        down.SetResult(silo.Hub);
        return starts;
    }

    internal static async Task PrepareAsync(HubClient hub, AccountServer server)
    {
        await hub.AddPspAsync("psp");
        foreach (var account in Accounts) await hub.AddAccountAsync(account);
        foreach (var account in Told) await hub.AddWebhookAsync(account, server);
    }

    private static TaskCompletionSource<HubClient> Up(HubClient hub)
    {
        var up = new TaskCompletionSource<HubClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        up.SetResult(hub);
        return up;
    }
}
