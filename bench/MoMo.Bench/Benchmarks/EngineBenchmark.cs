using MoMo.Bench.Load;
using MoMo.Bench.Report;
using MoMo.Bench.Rows;

namespace MoMo.Bench.Benchmarks;

/// <summary>The engine without HTTP: payments spread over many accounts, and all on one.</summary>
internal sealed class EngineBenchmark : IBenchmark
{
    private const int Clients = 64;

    public string Name => "engine";

    public string Summary => "the journal in process, many accounts and one hot account, against pgbench";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var (scale, pgbench) = (stage.Scale, new Pgbench(stage));
        var database = await stage.CreateDatabaseAsync(cancellation);
        await using var engine = new EngineLoad(database);
        stage.Screen.Now("Warming the engine up");
        await engine.RunAsync(scale.InFlight, scale.Accounts, scale.WarmUp, stage.TakeNumbers, cancellation);

        var before = await database.CountAsync(cancellation);
        var sides = await Rounds.RunAsync(
            stage, database, "/s",
            [
                ($"{scale.Accounts} accounts", () => engine.RunAsync(scale.InFlight, scale.Accounts, scale.Leg, stage.TakeNumbers, cancellation)),
                ($"pgbench, {Clients} clients", () => pgbench.RunAsync(database, Clients, null, Pgbench.Prepared, cancellation)),
                ($"pgbench as it comes, {Clients} clients", () => pgbench.RunAsync(database, Clients, null, Pgbench.AsItComes, cancellation)),
                ("one hot account", () => engine.RunAsync(scale.InFlight, 1, scale.Leg, stage.TakeNumbers, cancellation)),
            ],
            cancellation);
        var (many, theirs, simple, hot) = (sides[0], sides[1], sides[2], sides[3]);
        var lost = Math.Max(before + many.Acknowledged() + hot.Acknowledged() - await database.CountAsync(cancellation), 0);
        stage.Figures.Add(new Figure(
            Name, $"{scale.Accounts} accounts / pgbench -c {Clients}", "payments/s", many.Rates(), theirs.Rates(),
            many.Dropped() + theirs.Dropped(), lost, $"{scale.InFlight} in flight; {many[^1].Note}"));
        stage.Figures.Add(new Figure(
            Name, $"{scale.Accounts} accounts / pgbench -c {Clients} as it comes", "payments/s", many.Rates(), simple.Rates(),
            many.Dropped() + simple.Dropped(), lost, "the same with -M simple, its default: its statement is parsed and planned for each row"));
        stage.Figures.Add(new Figure(
            Name, $"one hot account / pgbench -c {Clients}", "payments/s", hot.Rates(), theirs.Rates(),
            hot.Dropped() + theirs.Dropped(), 0, hot[^1].Note));
        stage.Figures.Add(new Figure(
            Name, $"one hot account / {scale.Accounts} accounts", "payments/s", hot.Rates(), many.Rates(), hot.Dropped() + many.Dropped()));
    }
}
