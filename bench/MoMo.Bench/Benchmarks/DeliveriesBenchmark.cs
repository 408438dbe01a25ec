using System.Net.Http.Headers;
using MoMo.Bench.Hub;
using MoMo.Bench.Load;
using MoMo.Bench.Report;
using MoMo.Edge.Webhooks;

namespace MoMo.Bench.Benchmarks;

/// <summary>Deliveries that are signed, sent and recorded, against plain POSTs by the same client.</summary>
internal sealed class DeliveriesBenchmark : IBenchmark
{
    private const int InFlight = 64;
    private const int BodyLength = 600;

    public string Name => "deliveries";

    public string Summary => "payments signed, sent and recorded as delivered, against plain POSTs of the same client to the same sink";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var scale = stage.Scale;
        var database = await stage.CreateDatabaseAsync(cancellation);
        await new Filling(database, scale.Accounts).RunAsync(scale.DeliveryRows, done => stage.Screen.Now($"filling, {done:P0}"), cancellation);
        await using var sink = await Sink.StartAsync();
        await using var dispatch = new Dispatch(database);
        List<double> ours = [], theirs = [];
        long lost = 0;
        var began = TimeProvider.System.GetTimestamp();
        for (var round = 0; ours.Count < scale.Rounds; round++)
        {
            var warm = round > 0 && TimeProvider.System.GetElapsedTime(began) > scale.WarmUp; // the code is compiled while it runs
            await dispatch.ResetAsync(sink.Url, cancellation);
            await database.SettleAsync(cancellation);
            stage.Screen.Now(warm ? $"delivering, round {ours.Count + 1} of {scale.Rounds}" : "Warming up");
            var took = await dispatch.RunAsync(sink, scale.DeliveryRows, cancellation);
            lost += await database.AskAsync("SELECT count(*) FROM deliveries WHERE state = 'pending' AND attempts > 0", cancellation);
            var plain = await PostAsync(sink, scale.DeliveryRows, cancellation);
            if (!warm) continue;
            ours.Add(scale.DeliveryRows / took.TotalSeconds);
            theirs.Add(scale.DeliveryRows / plain.TotalSeconds);
        }

        stage.Figures.Add(new Figure(
            Name, "signed, sent, recorded / plain POST", "/s", ours, theirs, 0, lost, $"{scale.Accounts} lanes; plain with {InFlight} in flight"));
    }

    private static async Task<TimeSpan> PostAsync(Sink sink, long count, CancellationToken cancellation)
    {
        using var http = new HttpMessageInvoker(GuardedHttp.CreateHandler(Dispatch.Options()));
        var (url, body) = (new Uri($"{sink.Url}/plain"), new byte[BodyLength]);
        var left = count;
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var response = await http.SendAsync(request, cancellation);
            }
        }));
        return TimeProvider.System.GetElapsedTime(began);
    }
}
