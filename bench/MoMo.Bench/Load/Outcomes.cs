using System.Globalization;

namespace MoMo.Bench.Load;

/// <summary>Counts what came of requests while they are made; used by one thread.</summary>
internal sealed class Outcomes
{
    private const int Created = 201;

    private readonly SortedDictionary<string, long> dropped = new(StringComparer.Ordinal);

    public long Acknowledged { get; private set; }

    /// <summary>Acknowledged before the time was up.</summary>
    public long InTime { get; private set; }

    public Histogram Latency { get; } = new();

    public void Answered(int status, long dueAt, long now, long end)
    {
        if (status != Created)
        {
            Drop(status < 0 ? "connection broken" : $"status {status}");
            return;
        }

        Acknowledged++;
        if (now <= end) InTime++;
        Latency.Add((now - dueAt) * 1_000_000 / TimeProvider.System.TimestampFrequency);
    }

    public void Drop(string why, long count = 1)
    {
        if (count > 0) dropped[why] = dropped.GetValueOrDefault(why) + count;
    }

    /// <param name="length">How long requests were made.</param>
    /// <param name="processor">The processor time that making them took.</param>
    public LoadResult ToResult(TimeSpan length, TimeSpan processor) => new()
    {
        PerSecond = InTime / length.TotalSeconds,
        Acknowledged = Acknowledged,
        Dropped = dropped.Values.Sum(),
        Latency = Latency,
        Note = string.Join(", ", dropped.Select(drop => $"{drop.Value} {drop.Key}")
            .Append(string.Create(CultureInfo.InvariantCulture, $"making the load took {processor / length:0.00} of a core"))),
    };
}
