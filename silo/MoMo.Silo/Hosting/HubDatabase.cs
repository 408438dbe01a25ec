using MoMo.Storage.Cluster;
using MoMo.Storage.Disk;
using Npgsql;

namespace MoMo.Silo.Hosting;

/// <summary>The database that the silo works on: the one it was given, or a private one of its own; migrated.</summary>
internal sealed class HubDatabase : IAsyncDisposable
{
    private readonly PrivateCluster? cluster;
    private readonly ILoggerFactory? logging;

    private HubDatabase(string app, string dataFolder, PrivateCluster? cluster, ILoggerFactory? logging) =>
        (AppConnectionString, DataFolder, this.cluster, this.logging) = (app, dataFolder, cluster, logging);

    /// <summary>Connects as the runtime role.</summary>
    public string AppConnectionString { get; }

    /// <summary>The silo's data folder.</summary>
    public string DataFolder { get; }

    /// <summary>For people: where the data is.</summary>
    public string Place => cluster is null
        ? new NpgsqlConnectionStringBuilder(AppConnectionString) is var given ? $"{given.Host}/{given.Database}" : ""
        : $"private PostgreSQL in {cluster.Folder}";

    /// <summary>Opens it, making and migrating what is missing.</summary>
    /// <exception cref="PrivateClusterException">No database of its own can be had; the message says what to do.</exception>
    /// <exception cref="StartException">The given one can't be used.</exception>
    public static async Task<HubDatabase> OpenAsync(ConfigurationManager configuration, CancellationToken cancellation = default)
    {
        var data = Storage.Disk.DataFolder.Ensure(Path.GetFullPath(configuration["MoMo:Data"] ?? new HubOptions().Data));
        if (Given(configuration) is { } given)
        {
            var owner = configuration["MoMo:Database:OwnerConnectionString"] is { Length: > 0 } told ? told : null;
            await GivenDatabase.PrepareAsync(given, owner, cancellation);
            return new HubDatabase(given, data, null, null);
        }

        // There is no host yet, and the cluster outlives it.
        var logging = LoggerFactory.Create(log =>
        {
            log.SetMinimumLevel(LogLevel.Warning).AddConfiguration(configuration.GetSection("Logging"));
            HubSettings.AddConsole(log, configuration);
        });
        try
        {
            var options = new PrivateClusterOptions();
            configuration.GetSection(KnownSettings.SectionOf<PrivateClusterOptions>()).Bind(options);
            var cluster = await PrivateCluster.StartAsync(
                data, options, new Said(), logging.CreateLogger<PrivateCluster>(), TimeProvider.System, cancellation);
            try
            {
                await GivenDatabase.MigrateAsync(cluster.OwnerConnectionString, cancellation);
                return new HubDatabase(cluster.AppConnectionString, data, cluster, logging);
            }
            catch
            {
                await cluster.DisposeAsync(); // a server without a hub is nobody's to stop
                throw;
            }
        }
        catch
        {
            logging.Dispose(); // writes what it still holds
            throw;
        }
    }

    /// <summary>Says whether a database is given, for whoever would have to install one.</summary>
    /// <returns>An exit code.</returns>
    public static int TellWhose(IConfiguration configuration)
    {
        Console.WriteLine(Given(configuration) is null ? "own" : "given");
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
        logging?.Dispose();
    }

    private static string? Given(IConfiguration configuration) =>
        new[] { configuration["MoMo:Database:ConnectionString"], configuration["MoMo:Database"] }.FirstOrDefault(one => !string.IsNullOrWhiteSpace(one));
}
