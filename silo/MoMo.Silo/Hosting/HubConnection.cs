using Npgsql;

namespace MoMo.Silo.Hosting;

/// <summary>How the hub connects: as it was told, with what it relies on whatever the defaults of the database or the role are.</summary>
internal static class HubConnection
{
    /// <summary>
    /// Turns look at what others committed while they waited for a lock. Nobody holds a lock longer than a turn; who waits this long lost a race and starts
    /// anew. A silo that hangs, or that the net lost, says nothing when it is gone: the database ends its transactions, which hold accounts, and finds out
    /// that nobody is there.
    /// </summary>
    private const string Options = "-c default_transaction_isolation=read\\ committed -c lock_timeout=5s -c idle_in_transaction_session_timeout=10s "
        + "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000";

    /// <summary>What was given, and what the hub needs.</summary>
    /// <exception cref="ArgumentException">It can't be read.</exception>
    public static NpgsqlConnectionStringBuilder Of(string given)
    {
        var settings = new NpgsqlConnectionStringBuilder(given)
        {
            ApplicationName = "momo",
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            Timeout = 5,
            CommandTimeout = 30,
            KeepAlive = 10,
            // Whatever we set, we set for a transaction: there is nothing to reset, at a cost of six statements for each use of a connection.
            NoResetOnClose = true,
        };
        settings.Options = string.IsNullOrWhiteSpace(settings.Options) ? Options : $"{settings.Options} {Options}"; // of two for one setting the last counts
        return settings;
    }

    /// <summary>The hub's connections.</summary>
    /// <param name="given">How to connect.</param>
    /// <param name="max">Connections at most.</param>
    /// <param name="name">What metrics call them.</param>
    /// <param name="logging">Where the driver logs.</param>
    public static NpgsqlDataSource Open(string given, int max, string name, ILoggerFactory logging)
    {
        var settings = Of(given);
        settings.MaxPoolSize = max;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name };
        builder.UseLoggerFactory(logging);
        builder.UsePhysicalConnectionInitializer(RequirePrimary, connection =>
        {
            RequirePrimary(connection);
            return Task.CompletedTask;
        });
        return builder.Build();
    }

    /// <summary>After a failover the name may lead to the server of before for a while, which is a standby now: a pool of such connections would last.</summary>
    private static void RequirePrimary(NpgsqlConnection connection)
    {
        // What servers since PostgreSQL 14 say of themselves to whoever connects.
        if (IsOn("in_hot_standby") || IsOn("default_transaction_read_only"))
            throw new PostgresException("the database can only be read: is it a standby?", "FATAL", "FATAL", PostgresErrorCodes.CannotConnectNow);

        bool IsOn(string setting) => connection.PostgresParameters.TryGetValue(setting, out var value) && value == "on";
    }
}
