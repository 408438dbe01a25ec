namespace MoMo.Silo.Demo;

/// <summary>What one account received since the start.</summary>
internal sealed class DemoTally(string id, string name)
{
    public string Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>Payments, each counted once.</summary>
    public long Received { get; set; }

    /// <summary>Webhooks that had arrived before.</summary>
    public long Repeats { get; set; }

    /// <summary>Answered with 503 on purpose.</summary>
    public long Refused { get; set; }

    /// <summary>Not signed by the hub.</summary>
    public long Forged { get; set; }

    /// <summary>The highest number so far.</summary>
    public long Sequence { get; set; }

    /// <summary>Numbers below it that have not arrived yet: they wait for a retry.</summary>
    public long Missing { get; set; }

    /// <summary>Money by currency.</summary>
    public SortedDictionary<string, decimal> Totals { get; } = new(StringComparer.Ordinal);
}
