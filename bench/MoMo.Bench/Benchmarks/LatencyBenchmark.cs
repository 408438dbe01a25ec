using MoMo.Bench.Load;
using MoMo.Bench.Report;
using MoMo.Bench.Rows;

namespace MoMo.Bench.Benchmarks;

/// <summary>How long an accepted payment takes when the hub is half busy, against pgbench half busy. Both count from when each was due.</summary>
internal sealed class LatencyBenchmark : IBenchmark
{
    private const int Connections = 256;
    private const int Saturating = 64;

    public string Name => "latency";

    public string Summary => "time until 201 at half of the hub's own highest rate, against pgbench at half of its own";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var pgbench = new Pgbench(stage);
        var database = await stage.CreateDatabaseAsync(cancellation);
        await using var silo = await stage.StartSiloAsync(database, warm: true, cancellation);
        using var full = new LoadGenerator(silo.Address, silo.Key, Saturating, stage.Scale.Accounts);
        using var steady = new LoadGenerator(silo.Address, silo.Key, Connections, stage.Scale.Accounts);

        stage.Screen.Now("finding the highest rates");
        var half = (await full.RunAsync(stage.Scale.Leg, null, stage.TakeNumbers, cancellation)).PerSecond / 2;
        var theirHalf = (await pgbench.RunAsync(database, Saturating, null, Pgbench.Prepared, cancellation)).PerSecond / 2;
        var sides = await Rounds.RunAsync(
            stage, database, "/s",
            [
                ($"MoMo at {Screen.Count(half)}/s", () => steady.RunAsync(stage.Scale.Leg, half, stage.TakeNumbers, cancellation)),
                ($"pgbench at {Screen.Count(theirHalf)}/s", () => pgbench.RunAsync(database, Saturating, theirHalf, Pgbench.Prepared, cancellation)),
            ],
            cancellation);

        var (ours, theirs) = (sides[0], sides[1]);
        foreach (var (name, share) in new[] { ("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0) })
        {
            stage.Figures.Add(new Figure(
                Name, $"{name} at half rate / pgbench's at its half", "ms", ours.Milliseconds(share), theirs.Milliseconds(share),
                ours.Dropped() + theirs.Dropped(), 0,
                share == 0.5 ? $"{Screen.Count(half)} payments/s against {Screen.Count(theirHalf)} rows/s; {ours[^1].Note}" : null));
        }
    }
}
