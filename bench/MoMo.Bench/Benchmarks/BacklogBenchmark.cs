using MoMo.Bench.Hub;
using MoMo.Bench.Report;
using MoMo.Domain.Deliveries;

namespace MoMo.Bench.Benchmarks;

/// <summary>What it costs to claim a lane and find its next page, when much waits and when next to nothing does.</summary>
internal sealed class BacklogBenchmark : IBenchmark
{
    private const int Samples = 200;
    private const int Page = 64;

    public string Name => "backlog";

    public string Summary => "time to claim a lane and read its next page with everything due, against a nearly empty table";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var scale = stage.Scale;
        var full = await stage.CreateDatabaseAsync(cancellation);
        var empty = await stage.CreateDatabaseAsync(cancellation);
        await new Filling(full, scale.Accounts).RunAsync(scale.BacklogRows, done => stage.Screen.Now($"filling, {done:P0}"), cancellation);
        await new Filling(empty, scale.Accounts).RunAsync(scale.Accounts * Page, _ => { }, cancellation);
        await using var ours = new Dispatch(full);
        await using var theirs = new Dispatch(empty);
        foreach (var (dispatch, database) in new[] { (ours, full), (theirs, empty) })
        {
            await dispatch.ResetAsync("http://127.0.0.1:1", cancellation);
            await database.DoAsync("VACUUM ANALYZE delivery_rows", cancellation);
        }

        foreach (var order in Enum.GetValues<DeliveryOrder>())
        {
            List<double> filled = [], small = [];
            for (var round = 0; round <= scale.Rounds; round++)
            {
                stage.Screen.Now($"claiming, order {DeliveryWords.Of(order)}, round {round} of {scale.Rounds}");
                var (one, other) = (await MeasureAsync(ours, full, order, cancellation), await MeasureAsync(theirs, empty, order, cancellation));
                if (round == 0) continue;
                filled.Add(one);
                small.Add(other);
            }

            stage.Figures.Add(new Figure(
                Name, $"claim and page, order {DeliveryWords.Of(order)}: {Screen.Count(scale.BacklogRows)} due / {Screen.Count(scale.Accounts * Page)}",
                "ms", filled, small));
        }
    }

    private static async Task<double> MeasureAsync(Dispatch dispatch, HubDatabase database, DeliveryOrder order, CancellationToken cancellation)
    {
        await database.DoAsync("UPDATE agenda SET due_at = now(), leased_until = '-infinity' WHERE kind = 'lane'", cancellation);
        var began = TimeProvider.System.GetTimestamp();
        for (var sample = 0; sample < Samples; sample++)
        {
            foreach (var lease in await dispatch.Lanes.ClaimAsync(1, TimeSpan.FromSeconds(20), cancellation))
            {
                if ((await dispatch.Lanes.DueAsync(lease.Lane, order, Page, HeldDeliveries.None, cancellation)).Deliveries.Count == 0) throw new BenchException("Nothing was due.");
                await dispatch.Lanes.ParkAsync(lease, again: true, cancellation);
            }
        }

        return TimeProvider.System.GetElapsedTime(began).TotalMilliseconds / Samples;
    }
}
