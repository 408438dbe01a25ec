using System.Net.Sockets;
using Npgsql;

namespace MoMo.Storage.Cluster;

/// <summary>The two roles of the private cluster, its databases, and how to reach them.</summary>
internal sealed class ClusterRoles(ClusterRecord record)
{
    /// <summary>Owns everything; for migrations.</summary>
    public const string Owner = "momo_owner";

    /// <summary>Runs the hub; may only do what the migrations grant it.</summary>
    public const string App = "momo_app";

    private const string FirstDatabase = "postgres";
    private const int KnockSeconds = 2;

    public string OwnerConnection(ServerAddress address, string database) => Connection(address, database, Owner, record.OwnerPassword);

    public string AppConnection(ServerAddress address, string database) => Connection(address, database, App, record.AppPassword);

    /// <summary>Knocks at the server.</summary>
    /// <exception cref="PrivateClusterException">The server does not know our password.</exception>
    public async Task<ServerAnswer> KnockAsync(ServerAddress address, CancellationToken cancellation)
    {
        try
        {
            var knock = new NpgsqlConnectionStringBuilder(OwnerConnection(address, FirstDatabase)) { Timeout = KnockSeconds };
            await using var connection = new NpgsqlConnection(knock.ConnectionString);
            await connection.OpenAsync(cancellation);
            return ServerAnswer.Ready;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new PrivateClusterException(
                "The passwords in cluster.json are not those of the database beside it: restore the two from the same backup.", e);
        }
        catch (PostgresException)
        {
            return ServerAnswer.NotNow;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or IOException or TimeoutException)
        {
            return ServerAnswer.Silent;
        }
    }

    /// <summary>
    /// Makes the runtime role and turns on the better compression of the log where the server has it. Does nothing the second time.
    /// </summary>
    public async Task EnsureRoleAsync(ServerAddress address, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(address, FirstDatabase, cancellation);
        if (!await IsAsync(connection, $"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{App}')", cancellation))
            await DoAsync(connection,
                $"CREATE ROLE {App} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{record.AppPassword}'", cancellation);
        if (await IsAsync(connection,
            "SELECT 'lz4' = ANY (enumvals) AND setting <> 'lz4' FROM pg_settings WHERE name = 'wal_compression'", cancellation))
        {
            await DoAsync(connection, "ALTER SYSTEM SET wal_compression = 'lz4'", cancellation);
            await DoAsync(connection, "SELECT pg_reload_conf()", cancellation);
        }
    }

    /// <summary>Makes a database of the owner's which the runtime role may connect to. Does nothing the second time.
    /// The name is of letters, digits and underscores: the caller has checked it.</summary>
    public async Task EnsureDatabaseAsync(ServerAddress address, string name, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(address, FirstDatabase, cancellation);
        if (!await IsAsync(connection, $"SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{name}')", cancellation))
            await DoAsync(connection, $"CREATE DATABASE {name} OWNER {Owner}", cancellation);

        // Access rights unset mean that the last try ended between the two.
        if (!await IsAsync(connection, $"SELECT datacl IS NULL FROM pg_database WHERE datname = '{name}'", cancellation)) return;
        await using (var inside = await OpenAsync(address, name, cancellation))
            await DoAsync(inside, "REVOKE CREATE ON SCHEMA public FROM PUBLIC", cancellation);
        await DoAsync(connection,
            $"REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {App}", cancellation);
    }

    private async Task<NpgsqlConnection> OpenAsync(ServerAddress address, string database, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(OwnerConnection(address, database));
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string Connection(ServerAddress address, string database, string role, string password)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host, Port = address.Port, Database = database, Username = role, Password = password, Timeout = 5,
            // Nothing leaves the machine, so there is nothing to negotiate. The owner comes seldom and keeps no connections.
            SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable, Pooling = role == App,
        };
        return connection.ConnectionString;
    }

    private static async Task<bool> IsAsync(NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static async Task DoAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
