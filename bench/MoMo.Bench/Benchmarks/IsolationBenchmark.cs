using MoMo.Bench.Hub;
using MoMo.Bench.Load;
using MoMo.Bench.Report;

namespace MoMo.Bench.Benchmarks;

/// <summary>Whether one dead and one slow account of fifty delay the other forty-eight.</summary>
internal sealed class IsolationBenchmark : IBenchmark
{
    private const int Accounts = 50;

    public string Name => "isolation";

    public string Summary => "p99 of forty-eight accounts' deliveries with a dead and a slow one beside them, against all fifty healthy";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var scale = stage.Scale;
        var (owner, app) = await stage.Cluster.CreateDatabaseAsync("bench_isolation", cancellation);
        var database = await HubDatabase.CreateAsync(owner, app, Accounts, cancellation);
        await new Filling(database, Accounts).RunAsync(scale.IsolationRows, done => stage.Screen.Now($"filling, {done:P0}"), cancellation);
        await using var healthy = await Sink.StartAsync();
        await using var troubled = await Sink.StartAsync();
        var accounts = Enumerable.Range(0, 2).Select(number => $"/{Rows.Payments.AccountPrefix}{number:0000}").ToArray();
        troubled.Kill(accounts[0]);
        troubled.Slow(accounts[1], TimeSpan.FromSeconds(10));
        await using var dispatch = new Dispatch(database);
        List<double> ours = [], theirs = [];
        for (var round = 0; round <= scale.Rounds; round++)
        {
            stage.Screen.Now($"delivering, round {round} of {scale.Rounds}");
            var one = await MeasureAsync(dispatch, troubled, accounts, scale.IsolationRows, cancellation);
            var other = await MeasureAsync(dispatch, healthy, accounts, scale.IsolationRows, cancellation);
            if (round == 0) continue;
            ours.Add(one);
            theirs.Add(other);
        }

        stage.Figures.Add(new Figure(
            Name, "p99 of 48 with one dead, one slow / all healthy", "ms", ours, theirs, Note: $"{scale.IsolationRows} due at once, from the start to the arrival"));
    }

    private static async Task<double> MeasureAsync(Dispatch dispatch, Sink sink, string[] left, int rows, CancellationToken cancellation)
    {
        await dispatch.ResetAsync(sink.Url, cancellation);
        sink.TakeArrivals();
        var began = TimeProvider.System.GetTimestamp();
        await dispatch.RunAsync(sink, rows / Accounts * (Accounts - left.Length), cancellation);
        double[] times =
        [
            .. sink.TakeArrivals().Where(one => !left.Contains(one.Path))
                .Select(one => TimeProvider.System.GetElapsedTime(began, one.At).TotalMilliseconds).Order(),
        ];
        return times.Length == 0 ? 0 : times[(int)(times.Length * 0.99)];
    }
}
