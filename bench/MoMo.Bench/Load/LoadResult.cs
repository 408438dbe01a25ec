namespace MoMo.Bench.Load;

/// <summary>What came of one side of one round.</summary>
internal sealed record LoadResult
{
    /// <summary>Done a second.</summary>
    public required double PerSecond { get; init; }

    /// <summary>Acknowledged, also those that came too late to count in the rate.</summary>
    public long Acknowledged { get; init; }

    /// <summary>Asked and not done.</summary>
    public long Dropped { get; init; }

    /// <summary>How long each took.</summary>
    public Histogram Latency { get; init; } = new();

    /// <summary>For people: what was dropped and why, and what the measuring itself cost.</summary>
    public string Note { get; init; } = "";
}
