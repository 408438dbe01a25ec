using System.Globalization;
using MoMo.Bench.Hub;
using MoMo.Bench.Load;
using MoMo.Bench.Report;

namespace MoMo.Bench.Benchmarks;

/// <summary>From the start of the process until it is ready: on an empty data folder, with a database to be made, and the next time.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    public string Name => "start";

    public string Summary => "time until ready: on an empty data folder, against the next start";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        string folder = "";
        var made = 0;
        var sides = await Rounds.RunAsync(
            stage, null, "starts/s",
            [
                ("first start", () => StartAsync(folder = stage.MakeFolder(string.Create(CultureInfo.InvariantCulture, $"start-{++made}")), cancellation)),
                ("next start", () => StartAsync(folder, cancellation)),
            ],
            cancellation);
        stage.Figures.Add(new Figure(
            Name, "first start / next start", "s", Seconds(sides[0]), Seconds(sides[1]), 0, 0, "each with its own PostgreSQL; until GET /health/ready is 200"));
    }

    private static async Task<LoadResult> StartAsync(string folder, CancellationToken cancellation)
    {
        await using var silo = await SiloProcess.StartAsync(folder, null, cancellation);
        return new LoadResult
        {
            PerSecond = 1 / silo.ReadyAfter.TotalSeconds, Note = string.Create(CultureInfo.InvariantCulture, $"ready after {silo.ReadyAfter.TotalSeconds:0.00} s"),
        };
    }

    private static IReadOnlyList<double> Seconds(IReadOnlyList<LoadResult> results) => [.. results.Select(result => 1 / result.PerSecond)];
}
