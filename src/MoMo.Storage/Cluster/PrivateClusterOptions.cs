using System.ComponentModel.DataAnnotations;

namespace MoMo.Storage.Cluster;

/// <summary>How the private PostgreSQL cluster is run. Configuration section <c>MoMo:Database</c>.</summary>
public sealed class PrivateClusterOptions
{
    /// <summary>The folder of PostgreSQL's server programs (postgres, initdb, pg_ctl). Searched for by default.</summary>
    public string? BinFolder { get; set; }

    /// <summary>
    /// Whether to listen on a Unix socket, which is faster than TCP. True by default. A data folder whose path is too long for
    /// a socket gets a free port of 127.0.0.1 instead.
    /// </summary>
    public bool UseSocket { get; set; } = true;

    /// <summary>The server's page cache. From 16 to 65,536 MB; a quarter of the memory, from 128 to 2,048 MB, by default.</summary>
    [Range(16, 65_536)]
    public int? SharedBuffersMegabytes { get; set; }

    /// <summary>Connections of all silos and tools together. From 20 to 1,000; 100 by default.</summary>
    [Range(20, 1_000)]
    public int ConnectionsMax { get; set; } = 100;

    /// <summary>
    /// How long a server found running may say nothing before it is replaced. From 1 second to 5 minutes; 10 seconds by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan SilenceMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a start may take, recovery after a crash included. From 5 seconds to 6 hours; 10 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "06:00:00")]
    public TimeSpan StartMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long an orderly stop may take before the server is stopped hard. From 1 second to 10 minutes; 30 seconds by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StopMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the supervisor looks whether the server lives. From 50 milliseconds to 1 minute; 250 milliseconds by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Longest wait between two tries to start a server that died; the first is 100 ms and it doubles. From 1 second to 5 minutes; 10
    /// seconds by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RestartDelayMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Further settings of the server by their PostgreSQL name; they win over the hub's own. Up to 100. Turning off <c>fsync</c>,
    /// <c>full_page_writes</c> or <c>synchronous_commit</c> gives up the promise that acknowledged money is never lost: for tests only.
    /// </summary>
    [MaxLength(100)]
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
