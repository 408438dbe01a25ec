using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MoMo.Storage.Disk;

namespace MoMo.Storage.Cluster;

/// <summary>
/// A PostgreSQL cluster of the hub's own, in its data folder: made at the first start, reachable from this machine only, looked after
/// while the silo runs.
/// </summary>
/// <remarks>
/// The server is a process of its own and outlives a silo that is killed; the next silo on the folder takes it over.
/// Several silos may use one folder: each shares a lock for as long as it runs, and the last one out stops the server, whoever started it.
/// For Linux and macOS.
/// </remarks>
public sealed class PrivateCluster : IAsyncDisposable
{
    /// <summary>Name of the hub's database.</summary>
    public const string DatabaseName = "momo";

    private const int NameMax = 63;

    private readonly string dataFolder;
    private readonly ServerProcess server;
    private readonly ClusterRoles roles;
    private readonly FolderLock usage;
    private readonly PrivateClusterOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Supervisor supervisor;
    private int disposed;
    private int restarts;

    private PrivateCluster(
        string dataFolder, ClusterHome home, ServerBinaries binaries, ServerProcess server, ClusterRoles roles, FolderLock usage,
        bool adopted, PrivateClusterOptions options, TimeProvider clock, ILogger log)
    {
        (this.dataFolder, this.server, this.roles, this.usage) = (dataFolder, server, roles, usage);
        (this.options, this.clock, this.log) = (options, clock, log);
        (Folder, BinFolder, Adopted) = (home.Root, binaries.Folder, adopted);
        supervisor = new Supervisor(() => server.IsAlive, RestartAsync, options, clock, log);
    }

    /// <summary>Raised after the server had died and was started again. Connections of before are broken; new ones work.</summary>
    public event EventHandler? Restarted;

    /// <summary>Whether the server was running already, started by another silo.</summary>
    public bool Adopted { get; }

    /// <summary>How the running hub connects: role <c>momo_app</c>, which may do what the migrations grant it.</summary>
    public string AppConnectionString => roles.AppConnection(server.Address!, DatabaseName);

    /// <summary>Folder of the server programs in use, for tools such as pg_dump.</summary>
    public string BinFolder { get; }

    /// <summary>Folder of the database, its settings and its logs.</summary>
    public string Folder { get; }

    /// <summary>The folder of the Unix socket, or 127.0.0.1.</summary>
    public string Host => server.Address!.Host;

    /// <summary>How migrations connect: role <c>momo_owner</c>, who owns everything. Without pooling.</summary>
    public string OwnerConnectionString => roles.OwnerConnection(server.Address!, DatabaseName);

    /// <summary>The port; with a Unix socket it only names the socket.</summary>
    public int Port => server.Address!.Port;

    /// <summary>How often the server died and was started again.</summary>
    public int Restarts => Volatile.Read(ref restarts);

    /// <summary>Process id of the server.</summary>
    public int ServerPid => server.Pid;

    /// <summary>Starts the cluster of a data folder, making it the first time, or takes over the server that runs there.</summary>
    /// <param name="dataFolder">The silo's data folder; made if missing.</param>
    /// <param name="options">How to run it; defaults if null.</param>
    /// <param name="progress">Told in sentences what takes time.</param>
    /// <param name="log">Told what happens to the server.</param>
    /// <param name="clock">The system's by default.</param>
    /// <param name="cancellation">Ends the wait. A server that is starting by then goes on, and the next start takes it over.</param>
    /// <exception cref="PrivateClusterException">It can't be had; the message says what to do.</exception>
    public static async Task<PrivateCluster> StartAsync(
        string dataFolder, PrivateClusterOptions? options = null, IProgress<string>? progress = null, ILogger? log = null,
        TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        if (OperatingSystem.IsWindows())
            throw new PrivateClusterException(
                "The hub brings its own database on Linux and macOS only: set MoMo:Database:ConnectionString to a PostgreSQL " +
                "database.");

        (options, log, clock) = (options ?? new(), log ?? NullLogger.Instance, clock ?? TimeProvider.System);
        var folder = DataFolder.Ensure(dataFolder);
        using var gate = await LockAsync(folder, options.StartMax, clock, cancellation)
            ?? throw new PrivateClusterException(
                $"Another silo has been starting or stopping the database in '{folder}' for {options.StartMax}: look at it, or end it.");
        using (var alone = FolderLock.TryTake(UsagePath(folder))) ClusterPlace.Require(folder, isUsed: alone is null);
        var usage = FolderLock.TryShare(UsagePath(folder))
            ?? throw new PrivateClusterException(
                $"'{UsagePath(folder)}' can't be locked: check that the silo's user may write it and that the file system has locks.");
        try
        {
            return await StartLockedAsync(folder, usage, options, progress, log, clock, cancellation);
        }
        catch
        {
            usage.Dispose();
            throw;
        }
    }

    /// <summary>Makes a further, empty database beside the hub's; nothing if it is there.</summary>
    /// <param name="name">1 to 63 of a–z, 0–9 and underscore, beginning with a letter.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How to connect to it as the owner and as the runtime role.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public async Task<(string Owner, string App)> CreateDatabaseAsync(string name, CancellationToken cancellation = default)
    {
        if (name.Length is 0 or > NameMax || !char.IsAsciiLetterLower(name[0]) || !name.All(IsPlain))
            throw new ArgumentException($"'{name}' is no name for a database.", nameof(name));

        await roles.EnsureDatabaseAsync(server.Address!, name, cancellation);
        return (roles.OwnerConnection(server.Address!, name), roles.AppConnection(server.Address!, name));
    }

    /// <summary>
    /// Leaves the cluster; the last silo stops the server: in order within <see cref="PrivateClusterOptions.StopMax"/>, then hard.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await supervisor.DisposeAsync();
        using var gate = await LockAsync(dataFolder, options.StopMax, clock, CancellationToken.None);
        usage.Dispose();
        if (gate is null)
        {
            log.LogWarning("The database in {Folder} is locked by another silo, so it is left running", dataFolder);
            return;
        }

        using var alone = FolderLock.TryTake(UsagePath(dataFolder));
        if (alone is not null) await server.StopAsync(CancellationToken.None);
    }

    private static async Task<PrivateCluster> StartLockedAsync(
        string folder, FolderLock usage, PrivateClusterOptions options, IProgress<string>? progress, ILogger log, TimeProvider clock,
        CancellationToken cancellation)
    {
        foreach (var setting in ServerSettings.Weakened(options))
            log.LogWarning("MoMo:Database:Settings changes {Setting}: acknowledged payments may be lost in a power cut", setting);

        var user = await ServerUser.ChooseAsync(cancellation);
        var record = await RecordAsync(folder, user, progress, log, cancellation);
        var home = record.HomeIn(folder);
        var binaries = await BinariesAsync(home, options, cancellation);
        record = await MakeAsync(folder, record, home, binaries, user, progress, cancellation);

        var roles = new ClusterRoles(record);
        var server = new ServerProcess(home, binaries, user, roles, options, clock, log);
        var adopted = await server.EnsureAsync(progress, cancellation);
        await roles.EnsureRoleAsync(server.Address!, cancellation);
        await roles.EnsureDatabaseAsync(server.Address!, DatabaseName, cancellation);
        return new PrivateCluster(folder, home, binaries, server, roles, usage, adopted, options, clock, log);
    }

    private static async Task<ClusterRecord> RecordAsync(
        string folder, ServerUser user, IProgress<string>? progress, ILogger log, CancellationToken cancellation)
    {
        if (ClusterRecord.Read(folder) is { } known) return known;

        var record = ClusterRecord.New(await ClusterHome.ChooseAsync(folder, user, cancellation));
        if (record.HomeIn(folder).IsMade)
            throw new PrivateClusterException(
                $"'{ClusterRecord.PathIn(folder)}', which holds the passwords of the database in '{record.HomeIn(folder).Root}', " +
                "is missing: restore it from a backup.");
        if (Path.IsPathRooted(record.Home))
        {
            var said =
                $"User '{user.Name}', who runs PostgreSQL because root may not, can't get into '{folder}', so the database is kept in " +
                $"'{record.Home}'";
            progress?.Report(said);
            log.LogWarning("{Said}", said);
        }

        record.Write(folder);
        return record;
    }

    /// <summary>The server programs: those of the version that made the cluster, or the first found.</summary>
    private static async Task<ServerBinaries> BinariesAsync(ClusterHome home, PrivateClusterOptions options, CancellationToken cancellation)
    {
        var places = ServerBinaries.Places(Environment.GetEnvironmentVariable("PATH"));
        return await ServerBinaries.FindAsync(options.BinFolder, places, home.Major, cancellation);
    }

    private static async Task<ClusterRecord> MakeAsync(
        string folder, ClusterRecord record, ClusterHome home, ServerBinaries binaries, ServerUser user, IProgress<string>? progress,
        CancellationToken cancellation)
    {
        if (!home.IsMade && record.IsMade)
            throw new PrivateClusterException(
                $"The hub's database is not in '{home.Data}' any more: bring it back from a backup, or, to begin with an empty " +
                $"one, remove '{ClusterRecord.PathIn(folder)}'.");
        await home.EnsureAsync(user, cancellation);
        if (!home.IsMade)
        {
            progress?.Report($"Making the hub's own database in '{home.Root}', once");
            await ClusterMaker.MakeAsync(home, binaries, user, record.OwnerPassword, cancellation);
        }

        if (record.IsMade) return record;
        record = record with { IsMade = true };
        record.Write(folder);
        return record;
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_';

    private static Task<FolderLock?> LockAsync(string folder, TimeSpan waitMax, TimeProvider clock, CancellationToken cancellation) =>
        FolderLock.TakeAsync(Path.Combine(folder, "cluster.lock"), waitMax, clock, cancellation);

    private static string UsagePath(string folder) => Path.Combine(folder, "cluster.users");

    private async Task RestartAsync(CancellationToken cancellation)
    {
        using (var gate = await LockAsync(dataFolder, options.StartMax, clock, cancellation)
            ?? throw new PrivateClusterException($"Another silo has been starting the database in '{dataFolder}' for {options.StartMax}."))
        {
            await server.EnsureAsync(progress: null, cancellation);
        }

        Interlocked.Increment(ref restarts);
        log.LogWarning("PostgreSQL runs again as process {Pid}", server.Pid);
        Restarted?.Invoke(this, EventArgs.Empty);
    }
}
