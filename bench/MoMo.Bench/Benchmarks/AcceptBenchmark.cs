using MoMo.Bench.Load;
using MoMo.Bench.Report;
using MoMo.Bench.Rows;

namespace MoMo.Bench.Benchmarks;

/// <summary>How many payments a silo accepts over HTTP, each durable before its 201, against as many clients of pgbench.</summary>
internal sealed class AcceptBenchmark : IBenchmark
{
    private static readonly int[] Clients = [64, 256];

    public string Name => "accept";

    public string Summary => "payments accepted over HTTP, against single-row commits of pgbench";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var database = await stage.CreateDatabaseAsync(cancellation);
        await using var silo = await stage.StartSiloAsync(database, warm: true, cancellation);
        await using var bare = await Sink.StartAsync();
        var pgbench = new Pgbench(stage);
        foreach (var clients in Clients)
        {
            var before = await database.CountAsync(cancellation);
            using var load = new LoadGenerator(silo.Address, silo.Key, clients, stage.Scale.Accounts);
            using var light = new LoadGenerator(bare.Address, silo.Key, clients, stage.Scale.Accounts);
            var sides = await Rounds.RunAsync(
                stage, database, "/s",
                [
                    ($"MoMo, {clients} connections", () => load.RunAsync(stage.Scale.Leg, null, stage.TakeNumbers, cancellation)),
                    ($"pgbench, {clients} clients", () => pgbench.RunAsync(database, clients, null, Pgbench.Prepared, cancellation)),
                    ($"pgbench as it comes, {clients} clients", () => pgbench.RunAsync(database, clients, null, Pgbench.AsItComes, cancellation)),
                    ($"bare server, {clients} connections", () => light.RunAsync(stage.Scale.Leg, null, stage.TakeNumbers, cancellation)),
                ],
                cancellation);
            var (ours, theirs, simple, bound) = (sides[0], sides[1], sides[2], sides[3]);
            bare.TakeArrivals();
            var lost = Math.Max(before + ours.Acknowledged() - await database.CountAsync(cancellation), 0);
            stage.Figures.Add(new Figure(
                Name, $"{clients} connections / pgbench -c {clients}", "payments/s", ours.Rates(), theirs.Rates(),
                ours.Dropped() + theirs.Dropped(), lost,
                $"{ours[^1].Latency} in the last round; {ours[^1].Note}"));
            stage.Figures.Add(new Figure(
                Name, $"{clients} connections / pgbench -c {clients} as it comes", "payments/s", ours.Rates(), simple.Rates(),
                ours.Dropped() + simple.Dropped(), lost, "the same with -M simple, its default: its statement is parsed and planned for each row"));
            stage.Figures.Add(new Figure(
                Name, $"bare server, {clients} connections / pgbench -c {clients}", "requests/s", bound.Rates(), theirs.Rates(), bound.Dropped(), 0,
                "the same requests to a server that reads them and stores nothing: no hub on this machine can accept more"));
        }
    }
}
