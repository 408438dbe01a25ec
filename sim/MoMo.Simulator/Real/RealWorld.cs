using System.Collections.Concurrent;
using System.Globalization;
using MoMo.Storage.Cluster;
using Npgsql;
using ServerMode = MoMo.Simulator.World.ServerMode;

namespace MoMo.Simulator.Real;

/// <summary>
/// A hub of real silo processes on a PostgreSQL of its own, with a net that fails between each of them; PSPs, operators and accounts' servers around it.
/// </summary>
internal sealed class RealWorld : IAsyncDisposable
{
    /// <summary>The account whose server is asked about references that nobody registered.</summary>
    public const string Asked = "a2";

    private const int PspsMax = 24;

    /// <summary>Accounts that are told of their payments.</summary>
    public static readonly string[] Told = ["a0", "a1", "a2", "a3", "a4"];

    /// <summary>All accounts.</summary>
    public static readonly string[] Accounts = [.. Told, "a5", "a6"];

    private static readonly TimeSpan PrepareMax = TimeSpan.FromSeconds(20);

    private readonly ScratchFolder folder;
    private readonly PrivateCluster cluster;
    private int unanswered;

    private RealWorld(int seed, ScratchFolder folder, PrivateCluster cluster, NpgsqlDataSource database, RealJudge judge, RealServers servers, RealSilo[] silos)
    {
        (Seed, this.folder, this.cluster) = (seed, folder, cluster);
        (Database, Judge, Servers, Silos) = (database, judge, servers, silos);
    }

    public int Seed { get; }

    public RealHub Hub { get; } = new();

    public RealJudge Judge { get; }

    public RealServers Servers { get; }

    public IReadOnlyList<RealSilo> Silos { get; }

    /// <summary>Straight to PostgreSQL, past every fault of the net.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>The server's process.</summary>
    public int DatabasePid => cluster.ServerPid;

    /// <summary>PostgreSQL's own folder, with its logs.</summary>
    public string DatabaseFolder => cluster.Folder;

    /// <summary>Requests of PSPs that got no answer.</summary>
    public int UnansweredRequests => Volatile.Read(ref unanswered);

    /// <summary>Makes the hub, with two or three silos, and all that it needs to know; nothing fails yet.</summary>
    /// <param name="seed">Decides how many silos, and whether commits are slow.</param>
    /// <param name="assembly">The built <c>MoMo.Silo.dll</c>.</param>
    public static async Task<RealWorld> StartAsync(int seed, string assembly)
    {
        var chance = RealPlan.ChanceOf(seed, -1);
        var folder = new ScratchFolder();
        var options = new PrivateClusterOptions { SharedBuffersMegabytes = 64, ConnectionsMax = 100, LookEvery = TimeSpan.FromMilliseconds(50) };
        // Processes die here, not machines: what PostgreSQL gave to the system survives.
        options.Settings["fsync"] = "off";
        var cluster = await PrivateCluster.StartAsync(folder.Path, options);
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(cluster.AppConnectionString) { MaxPoolSize = 16, CommandTimeout = 20 }.ConnectionString);
        var judge = new RealJudge(database);
        var servers = await RealServers.StartAsync(RealPlan.ChanceOf(seed, -2), judge);
        var silos = Enumerable.Range(0, chance.Next(2, 4)).Select(number => MakeSilo(number, assembly, folder, cluster, judge)).ToArray();
        var world = new RealWorld(seed, folder, cluster, database, judge, servers, silos);
        await world.PrepareAsync();
        if (chance.Next(2) == 0) await SlowDisk.UnderAsync(cluster.OwnerConnectionString);
        await RealJudge.PrepareAsync(cluster.OwnerConnectionString);
        return world;
    }

    /// <summary>One of the silos that are there, or one that is not.</summary>
    public RealSilo Pick(Random chance) => Silos[chance.Next(Silos.Count)];

    /// <summary>A PSP waited in vain.</summary>
    public void Unanswered() => Interlocked.Increment(ref unanswered);

    /// <summary>Where an account is told.</summary>
    public string UrlOf(string account) => Servers.Server.UrlOf($"/{account}").ToString();

    /// <summary>PSPs that work until told to stop, and then until all is answered or abandoned.</summary>
    public Task PayAsync(CancellationToken stopping, CancellationToken abandon)
    {
        ConcurrentQueue<Claim> recent = new();
        return Task.WhenAll(Enumerable.Range(0, PspsMax).Select(number =>
            Task.Run(() => new RealPsp(this, number, recent, RealPlan.ChanceOf(Seed, number)).RunAsync(stopping, abandon), CancellationToken.None)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos) await silo.DisposeAsync();
        await Servers.DisposeAsync();
        Hub.Dispose();
        await Database.DisposeAsync();
        await cluster.DisposeAsync();
        Judge.Dispose();
        folder.Dispose();
    }

    private static RealSilo MakeSilo(int number, string assembly, ScratchFolder folder, PrivateCluster cluster, RealJudge judge)
    {
        var proxy = new Proxy(() => Proxy.PostgresAt(cluster.Host, cluster.Port));
        Dictionary<string, string> settings = new()
        {
            ["MoMo:Data"] = folder.Path,
            ["MoMo:Database:ConnectionString"] = Through(proxy, cluster.AppConnectionString),
            ["MoMo:Database:OwnerConnectionString"] = Through(proxy, cluster.OwnerConnectionString),
            ["MoMo:ConnectionsMax"] = "16",
            ["MoMo:Deliveries:Lease"] = "00:00:02",
            ["MoMo:Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
            ["MoMo:Webhooks:RequireHttps"] = "false",
            ["MoMo:Webhooks:Timeout"] = "00:00:03",
            ["urls"] = "http://127.0.0.1:0",
        };
        return new RealSilo(number, new SiloProgram(assembly, folder.Path, settings), proxy, judge);
    }

    private static string Through(Proxy proxy, string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString;

    private async Task PrepareAsync()
    {
        // The first makes the tables and the administrator's key; the others find them.
        await Silos[0].StartAsync(CancellationToken.None);
        Hub.Use((await File.ReadAllTextAsync(Path.Combine(folder.Path, Storage.Management.AdminKey.FileName))).Trim());
        foreach (var psp in new[] { "psp0", "psp1" }) await MakeAsync("/v1/psps", new { Id = psp, Name = psp });
        foreach (var account in Accounts)
        {
            await MakeAsync("/v1/accounts", new
            {
                Id = account, Name = account, LookupUrl = account == Asked ? Servers.Server.UrlOf(RealServers.LookupPath).ToString() : null,
            });
            await MakeAsync($"/v1/accounts/{account}/references", new { Id = $"{account}-customer" });
        }

        Servers.Behave(RealServers.LookupPath, ServerMode.Well);
        foreach (var account in Told)
        {
            var made = await MakeAsync($"/v1/accounts/{account}/destinations", new { Id = "hook", Url = UrlOf(account) });
            Servers.Server.Expect($"/{account}", made.Text("secret")!);
            Servers.Behave($"/{account}", ServerMode.Well);
        }

        await Task.WhenAll(Silos.Skip(1).Select(silo => silo.StartAsync(CancellationToken.None)));
    }

    private async Task<HubAnswer> MakeAsync(string path, object body)
    {
        var url = Silos[0].Url ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The first silo did not start:\n{Silos[0].Log}"));
        var made = await Hub.AskAsync(url, HttpMethod.Post, path, body, PrepareMax);
        return made is { Status: 201 } ? made : throw new InvalidOperationException($"{path}: {made?.ToString() ?? "no answer"}");
    }
}
