using System.Diagnostics.Metrics;
using System.Text;
using MoMo.Silo.Telemetry;

namespace MoMo.Tests.Telemetry;

public sealed class MetricSeriesTests : IDisposable
{
    private readonly Meter meter = new("test");

    [Fact]
    public void A_histogram_is_cumulative_and_ends_in_infinity()
    {
        var series = new MetricSeries(meter.CreateHistogram("a.size", null, null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 10] }));
        foreach (var value in (double[])[1, 2, 10, 11]) series.Measure(value, []);
        Assert.Equal(
            """
            # TYPE a_size histogram
            a_size_bucket{le="1"} 1
            a_size_bucket{le="10"} 3
            a_size_bucket{le="+Inf"} 4
            a_size_sum 24
            a_size_count 4

            """, Text(series));
    }

    [Fact]
    public void What_labels_say_can_not_break_out_of_them()
    {
        var series = new MetricSeries(meter.CreateCounter<long>("a.b", "{c}", "What\nit is."));
        series.Measure(2, [new("k.1", "x\"y\\z\nw")]);
        Assert.Equal("# HELP a_b_total What\\nit is.\n# TYPE a_b_total counter\na_b_total{k_1=\"x\\\"y\\\\z\\nw\"} 2\n", Text(series));
    }

    [Fact]
    public void Series_are_bounded_and_known_ones_go_on()
    {
        var series = new MetricSeries(meter.CreateCounter<long>("many"));
        for (var one = 0; one < 2 * MetricSeries.Max; one++) series.Measure(1, [new("n", one)]);
        series.Measure(1, [new("n", 0)]);
        var lines = Text(series).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(MetricSeries.Max + 1, lines.Length);
        Assert.Contains("many_total{n=\"0\"} 2", lines);
    }

    [Fact]
    public void Threads_lose_no_measurement()
    {
        var series = new MetricSeries(meter.CreateCounter<long>("busy"));
        Parallel.For(0, 8, thread =>
        {
            for (var one = 0; one < 10_000; one++) series.Measure(1, [new("half", thread % 2)]);
        });
        Assert.Contains("busy_total{half=\"0\"} 40000\n", Text(series), StringComparison.Ordinal);
        Assert.Contains("busy_total{half=\"1\"} 40000\n", Text(series), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_observer_no_longer_reports_is_gone()
    {
        var series = new MetricSeries(meter.CreateObservableGauge("seen", () => 0));
        series.Measure(3, [new("state", "up")]);
        series.Forget();
        series.Measure(4, [new("state", "down")]);
        Assert.Equal("# TYPE seen gauge\nseen{state=\"down\"} 4\n", Text(series));
    }

    public void Dispose() => meter.Dispose();

    [Fact]
    public void Two_addresses_of_the_database_are_one_series()
    {
        var series = new MetricSeries(meter.CreateCounter<long>("db.asked"));
        series.Measure(1, [new("pool", "momo"), new("server.address", "first"), new("server.port", 1)]);
        series.Measure(1, [new("pool", "momo"), new("server.address", "second"), new("server.port", 2)]);
        Assert.Contains("db_asked_total{pool=\"momo\"} 2\n", Text(series), StringComparison.Ordinal);
    }

    private static string Text(MetricSeries series)
    {
        var text = new StringBuilder();
        series.Write(text);
        return text.ToString();
    }
}
