using MoMo.Bench.Hub;
using MoMo.Bench.Report;
using MoMo.Storage.Cluster;

namespace MoMo.Bench;

/// <summary>What all benchmarks of a run share: the PostgreSQL server, the numbers of payments, the screen and the figures.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>256 clients of pgbench, a silo or two, and room.</summary>
    private const int ConnectionsMax = 400;

    private readonly BenchFolder folder;
    private int databases;
    private long lastNumber;

    private Stage(BenchFolder folder, PrivateCluster cluster, Machine machine, Scale scale, Screen screen) =>
        (this.folder, Cluster, Machine, Scale, Screen) = (folder, cluster, machine, scale, screen);

    public PrivateCluster Cluster { get; }

    public List<Figure> Figures { get; } = [];

    public Machine Machine { get; }

    public Scale Scale { get; }

    public Screen Screen { get; }

    public static async Task<Stage> OpenAsync(Arguments arguments, CancellationToken cancellation)
    {
        var screen = new Screen(Console.Error, !Console.IsErrorRedirected);
        var folder = BenchFolder.MakeBelow(arguments.Folder);
        try
        {
            foreach (var left in folder.LeftOver())
                screen.Say($"'{left}' is left over from a run that was killed: end the processes that use it, and remove it.");
            screen.Now("Starting a PostgreSQL server of our own");
            var cluster = await PrivateCluster.StartAsync(
                folder.Make("cluster"), new PrivateClusterOptions { ConnectionsMax = ConnectionsMax }, cancellation: cancellation);
            var machine = await Machine.LookAsync(cluster.OwnerConnectionString, cancellation);
            foreach (var line in machine.Lines()) screen.Say(line);
            return new Stage(folder, cluster, machine, arguments.Scale, screen);
        }
        catch (PrivateClusterException e)
        {
            folder.Dispose();
            throw new BenchException(e.Message, e);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A new hub database with the PSP, the accounts and their paused destinations.</summary>
    public Task<HubDatabase> CreateDatabaseAsync(CancellationToken cancellation) => CreateDatabaseAsync(Scale.Accounts, cancellation);

    /// <summary>The same with so many accounts.</summary>
    public async Task<HubDatabase> CreateDatabaseAsync(int accounts, CancellationToken cancellation)
    {
        Screen.Now("Making a hub database");
        var (owner, app) = await Cluster.CreateDatabaseAsync($"bench_{++databases}", cancellation);
        return await HubDatabase.CreateAsync(owner, app, accounts, cancellation);
    }

    /// <summary>A folder of the run, open to nobody else but to pass through. It goes with the run.</summary>
    public string MakeFolder(string name) => folder.Make(name);

    /// <summary>Starts a silo on a database, waits until it is ready and keeps it busy until its code is compiled.</summary>
    public async Task<SiloProcess> StartSiloAsync(HubDatabase database, bool warm, CancellationToken cancellation)
    {
        Screen.Now("Starting a silo");
        var silo = await SiloProcess.StartAsync(MakeFolder($"silo-{database.Name}"), database, cancellation);
        try
        {
            if (!warm) return silo;
            Screen.Now("Warming the silo up");
            using var load = new Load.LoadGenerator(silo.Address, silo.Key, 64, Scale.Accounts);
            await load.RunAsync(Scale.WarmUp, null, TakeNumbers, cancellation);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Numbers that no payment of the run has yet: psp_references are made of them.</summary>
    /// <returns>The first of so many.</returns>
    public long TakeNumbers(long count) => Interlocked.Add(ref lastNumber, count) - count;

    public async ValueTask DisposeAsync()
    {
        Screen.Now("Stopping PostgreSQL");
        await Cluster.DisposeAsync();
        folder.Dispose();
        Screen.Say("Nothing is left running.");
    }
}
