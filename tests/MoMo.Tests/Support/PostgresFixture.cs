using System.Globalization;
using MoMo.Storage.Cluster;
using Npgsql;

namespace MoMo.Tests.Support;

/// <summary>
/// A private PostgreSQL cluster, one per test run, begun by the first test that asks for a database. Test classes run side by side,
/// each with databases of its own; the cluster goes when the test process ends.
/// </summary>
public static class PostgresFixture
{
    private static readonly Lazy<Task<PrivateCluster>> Shared = new(() => Task.Run(StartAsync));
    private static int made;

    /// <summary>The cluster of this run. Don't stop it.</summary>
    public static Task<PrivateCluster> ClusterAsync() => Shared.Value;

    /// <summary>A new, empty database.</summary>
    /// <param name="poolMax">Connections of a pool on the runtime role's connection string. The cluster has 300 for all tests.</param>
    public static async Task<TestDatabase> CreateDatabaseAsync(int poolMax = 20)
    {
        var cluster = await ClusterAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref made)}");
        var (owner, app) = await cluster.CreateDatabaseAsync(name);
        var pooled = new NpgsqlConnectionStringBuilder(app)
        {
            MaxPoolSize = poolMax, ConnectionIdleLifetime = 2, ConnectionPruningInterval = 1,
        };
        return new TestDatabase(name, owner, pooled.ConnectionString);
    }

    private static Task<PrivateCluster> StartAsync()
    {
        // The folder is kept until the process ends; its watchman stops the server then.
        var options = new PrivateClusterOptions { SharedBuffersMegabytes = 128, ConnectionsMax = 300 };
        // No power cut is survived by a database that goes with the run. A kill of PostgreSQL is, with or without.
        options.Settings["fsync"] = "off";
        return PrivateCluster.StartAsync(new TestFolder().Path, options);
    }
}
