namespace MoMo.Silo.Telemetry;

/// <summary>One series: a number, or a histogram. Measured by many threads without a lock.</summary>
/// <param name="labels">As they are written: <c>{outcome="accepted"}</c> without the braces.</param>
/// <param name="tags">The tags that they are made of.</param>
/// <param name="bounds">Upper bounds of a histogram's buckets; null for a number.</param>
internal sealed class MetricCell(string labels, KeyValuePair<string, object?>[] tags, double[]? bounds)
{
    private readonly long[] buckets = new long[bounds is null ? 0 : bounds.Length + 1];
    private double sum;

    public string Labels => labels;

    /// <summary>The next series whose tags have the same hash.</summary>
    public MetricCell? Next { get; init; }

    public double Sum => Volatile.Read(ref sum);

    public long[] Buckets => buckets;

    public bool IsOf(ReadOnlySpan<KeyValuePair<string, object?>> other)
    {
        if (other.Length != tags.Length) return false;
        for (var place = 0; place < tags.Length; place++)
        {
            if (other[place].Key != tags[place].Key || !Equals(other[place].Value, tags[place].Value)) return false;
        }

        return true;
    }

    public void Set(double value) => Volatile.Write(ref sum, value);

    public void Add(double value)
    {
        if (bounds is not null)
        {
            var place = Array.BinarySearch(bounds, value);
            Interlocked.Increment(ref buckets[place < 0 ? ~place : place]);
        }

        double before, found = Volatile.Read(ref sum);
        do before = found;
        while ((found = Interlocked.CompareExchange(ref sum, before + value, before)) != before);
    }
}
