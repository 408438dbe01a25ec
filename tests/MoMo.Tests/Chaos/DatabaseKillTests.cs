using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Versioning;
using MoMo.Storage.Cluster;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Chaos;

/// <summary>
/// The database dies or is restarted under load: callers get their answer or are told to ask again, nothing that was acknowledged is lost, and the
/// same silo goes on.
/// </summary>
[Collection(nameof(Chaos)), UnsupportedOSPlatform("windows")]
public sealed class DatabaseKillTests(ITestOutputHelper output)
{
    private static readonly string[] Told = ["a0", "a1", "a2", "a3", "a4"];
    private static readonly string[] Readings = ["/v1/payments?limit=5", "/v1/deliveries?limit=5", "/v1/suspense?limit=5", "/v1/accounts", "/v1/accounts/a0"];

    [Theory]
    [InlineData("KILL")] // a crash of the server
    [InlineData("INT")] // pg_ctl restart -m fast: sessions are ended in order, and new ones refused meanwhile
    public Task A_database_that_dies_under_load_costs_nothing_that_was_acknowledged(string signal) => Seed.WithAsync(async seed =>
    {
        using var folder = new TestFolder();
        await using var server = await AccountServer.StartAsync();
        await using (var silo = new SiloProcess(output, folder.Path, null, ("MoMo:Database:SharedBuffersMegabytes", "32"), ("MoMo:Deliveries:Lease", "00:00:02")))
        {
            await silo.StartAsync();
            await KillTests.PrepareAsync(silo.Hub, server);
            var load = new Load(seed, 16, [.. Told, "a5", "a6"], _ => Task.FromResult(silo.Hub));
            using var reading = new Reading(silo.Hub);
            for (var round = 0; round < 3; round++)
            {
                await load.MoreAsync(200);
                await SiloProcess.SignalAsync(await ServerAsync(folder), signal);
                await load.MoreAsync(200);
            }

            await load.StopAsync();
            await reading.StopAsync();
            output.WriteLine($"Seed {seed}, {signal}: {load}; {reading}.");
            Assert.Empty(reading.Faults.Take(10));
            Assert.Equal(0, load.Broken);
            Assert.True(load.Busy > 0, "Nobody was told to ask again: the signals hit nothing.");
            // A second silo on the folder, so to say: shares the server for the questions below.
            await using var cluster = await PrivateCluster.StartAsync(folder.Path);
            await Laws.AssertKeptAsync(cluster.AppConnectionString, load, server, Told);
        }
    });

    private static async Task<int> ServerAsync(TestFolder folder)
    {
        // Between two rounds the file is rewritten; its first line is the server's process.
        var path = Path.Combine(folder.Path, "postgres", "data", "postmaster.pid");
        string[] lines = [];
        await Eventually.TrueAsync(() => File.Exists(path) && (lines = File.ReadAllLines(path)).Length >= 8, () => "the server's process");
        return int.Parse(lines[0], CultureInfo.InvariantCulture);
    }

    /// <summary>People and machines that read meanwhile, one of them with a key that nobody knows.</summary>
    private sealed class Reading : IDisposable
    {
        private readonly ConcurrentQueue<string> faults = new();
        private readonly HubClient stranger;
        private readonly Task reader;
        private volatile bool stopping;
        private int answers;
        private int busy;

        public Reading(HubClient hub)
        {
            stranger = new HubClient(hub.Url, "momo_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
            reader = Task.WhenAll([.. Readings.Select(path => ReadAsync(hub, path, 200)), ReadAsync(stranger, Readings[0], 401)]);
        }

        public IReadOnlyCollection<string> Faults => faults;

        public async Task StopAsync()
        {
            stopping = true;
            await reader;
        }

        public void Dispose() => stranger.Dispose();

        public override string ToString() => $"{answers} readings, {busy} busy";

        private async Task ReadAsync(HubClient hub, string path, int expected)
        {
            while (!stopping)
            {
                var answer = await hub.GetAsync(path);
                if (answer.Status == expected) Interlocked.Increment(ref answers);
                else if (answer.Status == 503 && answer.Headers.ContainsKey("Retry-After")) Interlocked.Increment(ref busy);
                else faults.Enqueue($"GET {path}: {answer}");
            }
        }
    }
}
