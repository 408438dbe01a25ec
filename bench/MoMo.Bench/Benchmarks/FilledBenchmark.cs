using MoMo.Bench.Hub;
using MoMo.Bench.Load;
using MoMo.Bench.Report;
using MoMo.Storage;
using Npgsql;

namespace MoMo.Bench.Benchmarks;

/// <summary>Whether a hub that has taken millions of payments is slower than a new one.</summary>
internal sealed class FilledBenchmark : IBenchmark
{
    private const int Connections = 64;

    public string Name => "filled";

    public string Summary => "payments accepted on a database that holds millions, against an empty one";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var (scale, screen) = (stage.Scale, stage.Screen);
        var empty = await stage.CreateDatabaseAsync(cancellation);
        var filled = await stage.CreateDatabaseAsync(cancellation);
        var began = TimeProvider.System.GetTimestamp();
        await new Filling(filled, scale.Accounts).RunAsync(
            scale.FilledRows, done => screen.Now($"filling, {done:P0} of {Screen.Count(scale.FilledRows)} payments"), cancellation);
        screen.Say($"filled with {Screen.Count(scale.FilledRows)} payments in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s");
        if (scale.IsQuick) await VerifyAsync(filled, cancellation);

        await using var emptySilo = await stage.StartSiloAsync(empty, warm: true, cancellation);
        await using var filledSilo = await stage.StartSiloAsync(filled, warm: true, cancellation);
        using var emptyLoad = new LoadGenerator(emptySilo.Address, emptySilo.Key, Connections, scale.Accounts);
        using var filledLoad = new LoadGenerator(filledSilo.Address, filledSilo.Key, Connections, scale.Accounts);
        var (hadEmpty, hadFilled) = (await empty.CountAsync(cancellation), await filled.CountAsync(cancellation));
        var sides = await Rounds.RunAsync(
            stage, empty, "/s",
            [
                ("filled", () => filledLoad.RunAsync(scale.Leg, null, stage.TakeNumbers, cancellation)),
                ("empty", () => emptyLoad.RunAsync(scale.Leg, null, stage.TakeNumbers, cancellation)),
            ],
            cancellation);
        var (ours, theirs) = (sides[0], sides[1]);
        var lost = Math.Max(hadFilled + ours.Acknowledged() - await filled.CountAsync(cancellation), 0)
            + Math.Max(hadEmpty + theirs.Acknowledged() - await empty.CountAsync(cancellation), 0);
        stage.Figures.Add(new Figure(
            Name, $"{Screen.Count(scale.FilledRows)} payments / empty", "payments/s", ours.Rates(), theirs.Rates(),
            ours.Dropped() + theirs.Dropped(), lost, $"{Connections} connections; {ours[^1].Latency} when filled, {theirs[^1].Latency} when empty"));
    }

    /// <summary>What was filled in must be what the hub would have written. Reads all: too long for millions. But no messages are filled in.</summary>
    private static async Task VerifyAsync(HubDatabase database, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(database.OwnerConnectionString);
        foreach (var check in (await new Verification(source).RunAsync(cancellation)).Checks)
            if (check.Broken > 0 && check.Law != Verification.ProofsLaw) throw new BenchException($"The filled database breaks a law: {check.Law} {check.Broken} times, first: {check.First}");
    }
}
