using System.Runtime.Versioning;
using MoMo.Bench.Load;

namespace MoMo.Tests.Bench;

[SupportedOSPlatform("linux")]
public sealed class HistogramTests
{
    [Theory]
    [InlineData(0.5, 5_000)]
    [InlineData(0.99, 9_900)]
    [InlineData(0.999, 9_990)]
    [InlineData(1, 10_000)]
    public void Shares_are_right_within_one_percent(double share, double milliseconds)
    {
        var histogram = new Histogram();
        for (var time = 1; time <= 10_000; time++) histogram.Add(time * 1_000L);
        Assert.InRange(histogram.Milliseconds(share), milliseconds, milliseconds * 1.01);
    }

    [Fact]
    public void The_longest_is_exact_and_nothing_is_too_long()
    {
        var histogram = new Histogram();
        histogram.Add(3);
        histogram.Add(long.MaxValue);
        Assert.Equal(long.MaxValue, histogram.Max);
        Assert.Equal(0.003, histogram.Milliseconds(0.5));
        Assert.Equal(2, histogram.Count);
    }

    [Fact]
    public void Small_times_are_exact()
    {
        var histogram = new Histogram();
        foreach (var time in new[] { 1, 2, 254, 255 }) histogram.Add(time);
        Assert.Equal(0.254, histogram.Milliseconds(0.75));
    }
}
