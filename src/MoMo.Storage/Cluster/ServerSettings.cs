using System.Globalization;
using System.Text;

namespace MoMo.Storage.Cluster;

/// <summary>The server's configuration file, written anew at every start.</summary>
internal static class ServerSettings
{
    private const int SharedBuffersMin = 128;
    private const int SharedBuffersMax = 2_048;

    /// <summary>Settings whose value other than <c>on</c> loses acknowledged money in a power cut.</summary>
    private static readonly string[] Durability = ["fsync", "full_page_writes", "synchronous_commit"];

    /// <summary>Which durability settings the operator has changed.</summary>
    public static IReadOnlyList<string> Weakened(PrivateClusterOptions options) =>
        [.. Durability.Where(name => options.Settings.TryGetValue(name, out var value) && value != "on")];

    /// <summary>The text of the file, for a machine or container of this memory in bytes.</summary>
    public static string Text(ClusterHome home, ServerAddress address, PrivateClusterOptions options, long memory)
    {
        var megabytes = memory / 1_048_576;
        var buffers = options.SharedBuffersMegabytes ?? (int)Math.Clamp(megabytes / 4, SharedBuffersMin, SharedBuffersMax);
        var cache = Math.Max(buffers, megabytes / 2);
        var text = new StringBuilder($"""
            # Written by MoMo at every start of its private database. Changes here are lost:
            # put yours into {ClusterHome.LocalSettingsName} beside this file, or into the silo's configuration (MoMo:Database:Settings).

            # Where it listens: this machine only.
            listen_addresses = {Quote(address.IsSocket ? "" : address.Host)}
            unix_socket_directories = {Quote(address.IsSocket ? address.Host : "")}
            unix_socket_permissions = 0700
            port = {address.Port}
            max_connections = {options.ConnectionsMax}
            password_encryption = scram-sha-256
            ssl = off
            cluster_name = momo

            # An acknowledged payment survives a power cut.
            fsync = on
            full_page_writes = on
            synchronous_commit = on
            restart_after_crash = on

            # Memory: a quarter of it for pages, from {SharedBuffersMin} to {SharedBuffersMax} MB.
            shared_buffers = {buffers}MB
            effective_cache_size = {cache}MB
            work_mem = 16MB
            maintenance_work_mem = 128MB

            # The log is written in large turns: few checkpoints, spread out, so that commits keep their pace.
            # wal_compression becomes lz4 (ALTER SYSTEM) where the server has it.
            wal_compression = on
            wal_buffers = 16MB
            max_wal_size = 4GB
            min_wal_size = 256MB
            checkpoint_timeout = 15min
            checkpoint_completion_target = 0.9

            # Tables only grow here. Vacuum and analyze after a fixed amount of new rows rather than a share of a large table,
            # so that index-only scans and estimates stay good.
            autovacuum = on
            autovacuum_naptime = 15s
            autovacuum_vacuum_scale_factor = 0.05
            autovacuum_vacuum_insert_threshold = 50000
            autovacuum_vacuum_insert_scale_factor = 0.02
            autovacuum_analyze_threshold = 5000
            autovacuum_analyze_scale_factor = 0.02
            autovacuum_vacuum_cost_limit = 1000

            # Many short statements: compiling them costs more than it gives; disks are no spindles.
            jit = off
            random_page_cost = 1.1

            # Times and words are the same on every machine.
            timezone = UTC
            log_timezone = UTC
            lc_messages = C

            # Seven files, one per weekday, each begun anew after a week. Rows and statements are not logged: they hold people's data.
            logging_collector = on
            log_directory = {Quote(home.Log)}
            log_filename = 'postgresql-%a.log'
            log_truncate_on_rotation = on
            log_rotation_age = 1d
            log_rotation_size = 0
            log_line_prefix = '%m [%p] %u@%d '
            log_error_verbosity = terse
            log_min_error_statement = panic
            log_statement = none
            log_checkpoints = on
            log_lock_waits = on

            include_if_exists = {Quote(home.LocalSettings)}

            """);
        foreach (var (name, value) in options.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
            text.AppendLine(CultureInfo.InvariantCulture, $"{name} = {Quote(value)}");
        return text.ToString();
    }

    private static string Quote(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
