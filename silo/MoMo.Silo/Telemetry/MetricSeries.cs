using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace MoMo.Silo.Telemetry;

/// <summary>All series of one instrument; at most <see cref="Max"/>, what comes on top is left out.</summary>
internal sealed class MetricSeries
{
    /// <summary>Series of one instrument.</summary>
    public const int Max = 500;

    private static readonly double[] SecondsBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] AnyBounds = [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 100_000, 1_000_000];

    private readonly ConcurrentDictionary<int, MetricCell> cells = new();
    private readonly Lock adding = new();
    private readonly double[]? bounds;
    private readonly bool absolute;
    private int count;
    private volatile bool namesAccounts;

    public MetricSeries(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        var kind = instrument.GetType().Name;
        Name = NameOf(instrument, kind);
        Help = instrument.Description;
        Kind = kind.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter"
            : "gauge";
        absolute = instrument.IsObservable || kind.StartsWith("Gauge", StringComparison.Ordinal);
        if (Kind == "histogram") bounds = Bounds(instrument);
    }

    public string Name { get; }

    public string Kind { get; }

    /// <summary>Whether a series is of a single account.</summary>
    public bool NamesAccounts => namesAccounts;

    private string? Help { get; }

    private bool IsOfDatabase => Name.StartsWith("db_", StringComparison.Ordinal);

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (IsOfDatabase) tags = Shown(tags);
        if (Find(tags) is not { } cell) return;
        if (absolute) cell.Set(value);
        else cell.Add(value);
    }

    /// <summary>Before observable instruments are asked: what they no longer report is gone.</summary>
    public void Forget()
    {
        if (!absolute) return;
        lock (adding)
        {
            cells.Clear();
            count = 0;
        }
    }

    public void Write(StringBuilder text)
    {
        if (cells.IsEmpty) return;
        if (Help is not null) text.Append(CultureInfo.InvariantCulture, $"# HELP {Name} {Escaped(Help)}\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {Name} {Kind}\n");
        foreach (var first in cells.Values)
        {
            for (var cell = first; cell is not null; cell = cell.Next)
            {
                if (bounds is null) Line(text, Name, cell.Labels, cell.Sum);
                else WriteHistogram(text, cell, bounds);
            }
        }
    }

    private void WriteHistogram(StringBuilder text, MetricCell cell, double[] bounds)
    {
        long below = 0;
        var separator = cell.Labels.Length == 0 ? "" : ",";
        for (var place = 0; place <= bounds.Length; place++)
        {
            below += Volatile.Read(ref cell.Buckets[place]);
            var bound = place == bounds.Length ? "+Inf" : bounds[place].ToString(CultureInfo.InvariantCulture);
            Line(text, $"{Name}_bucket", $"{cell.Labels}{separator}le=\"{bound}\"", below);
        }

        Line(text, $"{Name}_sum", cell.Labels, cell.Sum);
        Line(text, $"{Name}_count", cell.Labels, below);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(CultureInfo.InvariantCulture, $" {value}\n");
    }

    private MetricCell? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (var tag in tags) hash.Add(tag.Value);
        var key = hash.ToHashCode();
        if (cells.TryGetValue(key, out var known))
        {
            for (var cell = known; cell is not null; cell = cell.Next)
            {
                if (cell.IsOf(tags)) return cell;
            }
        }

        lock (adding)
        {
            cells.TryGetValue(key, out var first);
            for (var cell = first; cell is not null; cell = cell.Next)
            {
                if (cell.IsOf(tags)) return cell;
            }

            if (count >= Max) return null;
            count++;
            foreach (var tag in tags) namesAccounts |= tag.Key == HubMetrics.AccountLabel;
            return cells[key] = new MetricCell(Labels(tags), tags.ToArray(), bounds) { Next = first };
        }
    }

    /// <summary>Without where the database is, which is nobody's business: two of its addresses are one series, not two of one name.</summary>
    private static KeyValuePair<string, object?>[] Shown(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Array.FindAll(tags.ToArray(), static tag => tag.Key is not ("server.address" or "server.port"));

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>(tags.Length);
        foreach (var (key, value) in tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels.Add($"{Plain(key)}=\"{Escaped(text).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        return string.Join(',', labels);
    }

    private static string Escaped(string text) =>
        text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static double[] Bounds(Instrument instrument)
    {
        var advised = instrument switch
        {
            Instrument<double> { Advice.HistogramBucketBoundaries: { } given } => given.ToArray(),
            Instrument<long> { Advice.HistogramBucketBoundaries: { } given } => [.. given.Select(one => (double)one)],
            Instrument<int> { Advice.HistogramBucketBoundaries: { } given } => [.. given.Select(one => (double)one)],
            _ => null,
        };
        return advised ?? (instrument.Unit == "s" ? SecondsBounds : AnyBounds);
    }

    private static string NameOf(Instrument instrument, string kind)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            _ => "",
        };
        var name = Plain(instrument.Name);
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        var counts = kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal);
        return counts && !name.EndsWith("_total", StringComparison.Ordinal) ? $"{name}_total" : name;
    }

    private static string Plain(string name) => string.Create(name.Length, name, static (plain, from) =>
    {
        for (var place = 0; place < from.Length; place++) plain[place] = char.IsAsciiLetterOrDigit(from[place]) ? from[place] : '_';
    });
}
