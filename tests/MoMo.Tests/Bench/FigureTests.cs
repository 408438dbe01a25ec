using System.Runtime.Versioning;
using MoMo.Bench.Report;

namespace MoMo.Tests.Bench;

[SupportedOSPlatform("linux")]
public sealed class FigureTests
{
    [Fact]
    public void The_ratio_is_the_median_of_the_rounds_own_ratios()
    {
        var figure = new Figure("accept", "a / b", "payments/s", [10, 30, 40], [10, 10, 20]);
        Assert.Equal([1, 3, 2], figure.Ratios);
        Assert.Equal(2, figure.Ratio);
        Assert.Equal(30, figure.OursMedian);
    }

    [Fact]
    public void An_even_number_of_rounds_has_its_median_in_the_middle() =>
        Assert.Equal(1.5, new Figure("accept", "a / b", "payments/s", [1, 2], [1, 1]).Ratio);

    [Fact]
    public void A_side_that_did_nothing_gives_no_ratio() => Assert.Equal(0, new Figure("accept", "a / b", "payments/s", [1], [0]).Ratio);
}
