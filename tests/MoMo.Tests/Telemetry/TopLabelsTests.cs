using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Silo.Telemetry;

namespace MoMo.Tests.Telemetry;

public sealed class TopLabelsTests
{
    /// <summary>More than a name needs to earn a label.</summary>
    private const int Often = 200;

    [Fact]
    public void A_busy_name_earns_a_label_and_keeps_it()
    {
        var labels = new TopLabels();
        Assert.Equal(TopLabels.Other, labels.Of("a0"));
        for (var one = 0; one < Often; one++) labels.Of("a0");
        Assert.Equal("a0", labels.Of("a0"));
        for (var name = 0; name < 20_000; name++) labels.Of($"once{name}");
        Assert.Equal("a0", labels.Of("a0"));
    }

    [Fact]
    public void Names_that_come_when_all_labels_are_taken_share_one()
    {
        var labels = new TopLabels();
        Parallel.For(0, 10 * TopLabels.Max, name =>
        {
            for (var one = 0; one < Often; one++) labels.Of($"a{name}");
        });
        var told = Enumerable.Range(0, 10 * TopLabels.Max).Select(name => labels.Of($"a{name}")).Distinct().ToArray();
        Assert.Equal(TopLabels.Max + 1, told.Length);
        Assert.Contains(TopLabels.Other, told);
    }

    [Fact]
    public void However_many_accounts_are_told_their_metric_has_a_bounded_number_of_series()
    {
        const int accounts = 1_000;
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var text = new MetricsText(factory);
        var metrics = new HubMetrics(factory);
        for (var account = 0; account < accounts; account++)
        {
            for (var one = 0; one < Often; one++) metrics.Tried("delivered", $"a{account}");
        }

        var series = text.Write().Split('\n').Where(line => line.StartsWith("momo_account_attempts_total{", StringComparison.Ordinal)).ToArray();
        Assert.Equal(TopLabels.Max + 1, series.Length);
        // What has no label of its own is counted all the same.
        Assert.Equal(accounts * Often, series.Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Single(series, line => line.Contains($"account=\"{TopLabels.Other}\"", StringComparison.Ordinal));
    }
}
