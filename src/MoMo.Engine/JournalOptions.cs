using System.ComponentModel.DataAnnotations;

namespace MoMo.Engine;

/// <summary>How commands are gathered into turns. Configuration section <c>MoMo:Journal</c>.</summary>
public sealed class JournalOptions
{
    /// <summary>Lines that actors are spread over, each with turns of its own. From 1 to 16; 2 by default.</summary>
    [Range(1, 16)]
    public int Lines { get; set; } = 2;

    /// <summary>Commands in one turn at most. From 1 to 20,000; 4,096 by default.</summary>
    [Range(1, 20_000)]
    public int BatchMax { get; set; } = 4_096;

    /// <summary>Turns of a line in flight at most, each with a connection of its own. From 1 to 16; 3 by default.</summary>
    [Range(1, 16)]
    public int WritersMax { get; set; } = 3;

    /// <summary>
    /// Commands that must wait for a turn to begin while another is in flight; fewer wait for its end. From 1 to 20,000; 256 by default.
    /// </summary>
    [Range(1, 20_000)]
    public int PipelineMin { get; set; } = 256;

    /// <summary>
    /// Commands waiting in all lines up to which one turn takes them all: few callers are not to pay for a turn in each line. From 0 (never) to 20,000;
    /// 64 by default.
    /// </summary>
    [Range(0, 20_000)]
    public int TogetherMax { get; set; } = 64;

    /// <summary>Commands waiting in a line at most; more are refused as busy. From 1 to 1,000,000; 20,000 by default.</summary>
    [Range(1, 1_000_000)]
    public int QueueMax { get; set; } = 20_000;

    /// <summary>Bytes that waiting commands of all lines may hold together, each line an equal part. From 32 MB to 4 GB; 128 MB by default.</summary>
    [Range(32_000_000, 4_000_000_000)]
    public long QueueBytesMax { get; set; } = 128_000_000;

    /// <summary>How often a turn that lost a race (serialisation failure, deadlock) is run again. From 0 to 20; 5 by default.</summary>
    [Range(0, 20)]
    public int RetriesMax { get; set; } = 5;

    /// <summary>How long the journal rests after the database went away, and what callers are told to wait. From 0.1 to 60 seconds; 1 second by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);
}
