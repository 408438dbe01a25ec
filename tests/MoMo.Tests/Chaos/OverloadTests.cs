using System.Globalization;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Chaos;

/// <summary>Law 9: more than the hub can hold is refused with a time to come back; memory stays bounded, and afterwards all is well at once.</summary>
[Collection(nameof(Chaos))]
public sealed class OverloadTests(ITestOutputHelper output)
{
    private const int Connections = 600;

    /// <summary>What the process may hold at its peak: a generous bound for a queue of 100 and 600 connections.</summary>
    private const long MegabytesMax = 700;

    [Fact]
    public Task More_load_than_the_hub_holds_is_refused_with_a_time_to_come_back() => Seed.WithAsync(async seed =>
    {
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var server = await AccountServer.StartAsync();
        await using var silo = new SiloProcess(
            output, folder.Path, database, ("MoMo:Journal:QueueMax", "100"), ("MoMo:Journal:WritersMax", "1"), ("MoMo:Journal:BatchMax", "20"));
        await silo.StartAsync();
        await KillTests.PrepareAsync(silo.Hub, server);
        using var crowd = new HubClient(silo.Hub.Url, silo.Key, Connections);

        var load = new Load(seed, Connections, ["a0", "a1", "a5"], _ => Task.FromResult(crowd));
        await load.MoreAsync(1_000);
        await Eventually.TrueAsync(() => load.Busy > 1_000, () => $"refusals; {load}");
        await load.StopAsync();
        var peak = PeakMegabytes(silo.Pid);
        output.WriteLine($"Seed {seed}: {load}; {peak} MB at the peak.");

        Assert.Equal(201, (await silo.Hub.PayAsync("psp", "after-the-storm", "a6")).Status);
        Assert.InRange(peak, 0, MegabytesMax);
        Assert.Equal(0, load.Broken);
        Assert.Empty(load.Faults.Take(10));
        await JournalHost.AssertLawfulAsync(database);
    });

    private static long PeakMegabytes(int pid)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status");
        if (!File.Exists(status)) return 0; // not on Linux
        var peak = File.ReadLines(status).Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
