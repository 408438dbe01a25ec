using System.Numerics;

namespace MoMo.Bench.Load;

/// <summary>Times in microseconds, kept to within 1 % whatever their size, in 37 kB.</summary>
internal sealed class Histogram
{
    private const int Exact = 256; // below, each microsecond has a place of its own
    private const int Steps = 128; // above, each doubling has this many

    private readonly long[] counts = new long[Exact + 34 * Steps];

    /// <summary>How many.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exactly.</summary>
    public long Max { get; private set; }

    public void Add(long microseconds)
    {
        var value = Math.Max(microseconds, 0);
        counts[Math.Min(Place(value), counts.Length - 1)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    /// <summary>The time that this share of all took at most, in milliseconds.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Milliseconds(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (var place = 0; place < counts.Length; place++)
        {
            seen += counts[place];
            if (seen >= wanted) return Math.Min(Highest(place), Max) / 1_000.0;
        }

        return Max / 1_000.0;
    }

    public override string ToString() =>
        $"p50 {Screen.Count(Milliseconds(0.5))}, p99 {Screen.Count(Milliseconds(0.99))}, p99.9 {Screen.Count(Milliseconds(0.999))}, max {Screen.Count(Max / 1_000.0)} ms";

    private static int Place(long value)
    {
        if (value < Exact) return (int)value;
        var doublings = BitOperations.Log2((ulong)value) - 7;
        return Exact + (doublings - 1) * Steps + (int)(value >> doublings) - Steps;
    }

    private static long Highest(int place)
    {
        if (place < Exact) return place;
        var doublings = (place - Exact) / Steps + 1;
        var step = (place - Exact) % Steps + Steps;
        return ((step + 1L) << doublings) - 1;
    }
}
