using MoMo.Storage;
using MoMo.Storage.Cluster;
using MoMo.Storage.Secrets;
using Npgsql;

namespace MoMo.Silo.Hosting;

/// <summary>The database that the silo works on: the one it was given, or a private one of its own; migrated.</summary>
internal sealed class HubDatabase : IAsyncDisposable
{
    private readonly PrivateCluster? cluster;

    private HubDatabase(string app, string dataFolder, PrivateCluster? cluster) =>
        (AppConnectionString, DataFolder, this.cluster) = (app, dataFolder, cluster);

    /// <summary>Connects as the runtime role.</summary>
    public string AppConnectionString { get; }

    /// <summary>The silo's data folder.</summary>
    public string DataFolder { get; }

    /// <summary>For people: where the data is.</summary>
    public string Place => cluster is null
        ? new NpgsqlConnectionStringBuilder(AppConnectionString) is var given ? $"{given.Host}/{given.Database}" : ""
        : $"private PostgreSQL in {cluster.Folder}";

    /// <summary>Opens it, making and migrating what is missing.</summary>
    /// <exception cref="PrivateClusterException">No database can be had; the message says what to do.</exception>
    public static async Task<HubDatabase> OpenAsync(ConfigurationManager configuration, CancellationToken cancellation = default)
    {
        var data = Storage.Secrets.DataFolder.Ensure(Path.GetFullPath(configuration["MoMo:Data"] ?? new HubOptions().Data));
        var given = configuration["MoMo:Database:ConnectionString"] ?? configuration["MoMo:Database"];
        if (!string.IsNullOrWhiteSpace(given))
        {
            await MigrateAsync(configuration["MoMo:Database:OwnerConnectionString"] ?? given, cancellation);
            return new HubDatabase(given, data, null);
        }

        using var logging = LoggerFactory.Create(log => log.AddSimpleConsole(options => options.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        var options = new PrivateClusterOptions();
        configuration.GetSection("MoMo:Database").Bind(options);
        var cluster = await PrivateCluster.StartAsync(
            data, options, new Said(), logging.CreateLogger<PrivateCluster>(), TimeProvider.System, cancellation);
        await MigrateAsync(cluster.OwnerConnectionString, cancellation);
        return new HubDatabase(cluster.AppConnectionString, data, cluster);
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
    }

    private static async Task MigrateAsync(string owner, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(owner);
        foreach (var file in await Migrator.MigrateAsync(source, cancellation)) await Console.Error.WriteLineAsync($"Migrated: {file}");
    }

    private sealed class Said : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
