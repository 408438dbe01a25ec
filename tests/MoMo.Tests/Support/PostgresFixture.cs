using System.Globalization;
using MoMo.Storage;
using MoMo.Storage.Cluster;
using Npgsql;

namespace MoMo.Tests.Support;

/// <summary>
/// A private PostgreSQL cluster, one per test run, begun by the first test that asks for a database. Test classes run side by side,
/// each with databases of its own; the cluster goes when the test process ends.
/// </summary>
public static class PostgresFixture
{
    private const string Template = "migrated";

    private static readonly Lazy<Task<PrivateCluster>> Shared = new(() => Task.Run(StartAsync));
    private static readonly Lazy<Task<string>> Migrated = new(() => Task.Run(MigrateAsync));
    private static int made;

    /// <summary>The cluster of this run. Don't stop it.</summary>
    public static Task<PrivateCluster> ClusterAsync() => Shared.Value;

    /// <summary>A new database that has its tables, and nothing in them.</summary>
    /// <param name="poolMax">Connections of a pool on the runtime role's connection string. The cluster has 300 for all tests.</param>
    public static async Task<TestDatabase> CreateDatabaseAsync(int poolMax = 20)
    {
        // A copy costs a tenth of what the migrations do, and there are hundreds.
        var (owner, name) = (await Migrated.Value, NextName());
        await Sql.DoAsync(owner, $"CREATE DATABASE {name} TEMPLATE {Template}");
        return await OpenAsync(name, poolMax);
    }

    /// <summary>A new database that was never migrated.</summary>
    public static Task<TestDatabase> CreateEmptyDatabaseAsync() => OpenAsync(NextName(), poolMax: 20);

    private static string NextName() => string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref made)}");

    private static async Task<TestDatabase> OpenAsync(string name, int poolMax)
    {
        var (owner, app) = await (await ClusterAsync()).CreateDatabaseAsync(name);
        var pooled = new NpgsqlConnectionStringBuilder(app)
        {
            MaxPoolSize = poolMax, ConnectionIdleLifetime = 2, ConnectionPruningInterval = 1,
        };
        return new TestDatabase(name, owner, pooled.ConnectionString);
    }

    /// <returns>The owner's connection string of a database to make others from.</returns>
    private static async Task<string> MigrateAsync()
    {
        var (connection, _) = await (await ClusterAsync()).CreateDatabaseAsync(Template);
        await using (var owner = NpgsqlDataSource.Create(connection)) await Migrator.MigrateAsync(owner, CancellationToken.None);
        return new NpgsqlConnectionStringBuilder(connection) { Database = "postgres" }.ConnectionString; // nobody may be in the one that is copied
    }

    private static Task<PrivateCluster> StartAsync()
    {
        // The folder is kept until the process ends; its watchman stops the server then.
        var options = new PrivateClusterOptions { SharedBuffersMegabytes = 128, ConnectionsMax = 600 };
        // No power cut is survived by a database that goes with the run. A kill of PostgreSQL is, with or without.
        options.Settings["fsync"] = "off";
        return PrivateCluster.StartAsync(new TestFolder().Path, options);
    }
}
