using System.Collections.Concurrent;

namespace MoMo.Silo.Telemetry;

/// <summary>
/// Gives the busiest names a label of their own, so that metrics stay bounded: a name earns one with its fiftieth event, until there are as many
/// as may be; all others share <c>other</c>. A series never changes its name.
/// </summary>
internal sealed class TopLabels
{
    /// <summary>Names with a label of their own at most.</summary>
    public const int Max = 50;

    /// <summary>What all other names share.</summary>
    public const string Other = "other";

    private const int EarnedAt = 50;
    private const int CountedMax = 10_000;

    private readonly ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> named = new(StringComparer.Ordinal);

    public string Of(string name)
    {
        if (named.ContainsKey(name)) return name;
        if (named.Count >= Max) return Other;
        if (counts.Count >= CountedMax) counts.Clear();
        if (counts.AddOrUpdate(name, 1, static (_, count) => count + 1) < EarnedAt) return Other;
        lock (named)
        {
            if (named.Count >= Max) return Other;
            named[name] = true;
        }

        return name;
    }
}
