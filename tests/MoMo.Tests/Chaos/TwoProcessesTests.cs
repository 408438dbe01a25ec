using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Chaos;

/// <summary>Law 7: two silos on one database take the same payments for the same accounts, and one of them is killed in the middle of it.</summary>
[Collection(nameof(Chaos))]
public sealed class TwoProcessesTests(ITestOutputHelper output)
{
    private static readonly string[] Told = ["a0", "a1", "a2", "a3", "a4"];

    [Fact]
    public Task Two_silos_are_as_safe_as_one_also_when_one_dies() => Seed.WithAsync(async seed =>
    {
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var server = await AccountServer.StartAsync();
        await using var one = new SiloProcess(output, folder.Path, database, ("MoMo:Deliveries:Lease", "00:00:02"));
        await using var other = new SiloProcess(output, folder.Path, database, ("MoMo:Deliveries:Lease", "00:00:02"));
        await one.StartAsync();
        await KillTests.PrepareAsync(one.Hub, server);
        await other.StartAsync();

        HubClient[] hubs = [one.Hub, other.Hub];
        var load = new Load(seed, 24, [.. Told, "a5", "a6"], chance => Task.FromResult(Volatile.Read(ref hubs) is var up ? up[chance.Next(up.Length)] : one.Hub));
        await load.MoreAsync(1_000);
        Volatile.Write(ref hubs, [one.Hub]);
        await other.KillAsync();
        await load.MoreAsync(300);
        await other.StartAsync();
        Volatile.Write(ref hubs, [one.Hub, other.Hub]);
        await load.MoreAsync(1_000);
        await load.StopAsync();

        output.WriteLine($"Seed {seed}: {load}, {server.Received.Count} webhooks.");
        await Laws.AssertKeptAsync(database.AppConnectionString, load, server, Told);
    });
}
