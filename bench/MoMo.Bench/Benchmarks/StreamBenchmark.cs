using System.Globalization;
using MoMo.Bench.Load;
using MoMo.Bench.Report;
using MoMo.Bench.Rows;
using MoMo.Client;
using MoMo.Client.Adapters;
using MoMo.Client.Wire;

namespace MoMo.Bench.Benchmarks;

/// <summary>
/// An adapter's stream against single POSTs, both by the client library: with as many payments under way, and its full window against fewer POSTs.
/// </summary>
internal sealed class StreamBenchmark : IBenchmark
{
    private const string Adapter = "bench-stream";

    public string Name => "stream";

    public string Summary => "an adapter's one stream against single POSTs of the same client library, as many under way or fewer";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var database = await stage.CreateDatabaseAsync(cancellation);
        await using var silo = await stage.StartSiloAsync(database, warm: true, cancellation);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{silo.Address}/") };
        var client = new MoMoClient(http, new MoMoClientOptions { Key = silo.Key });
        await client.Adapters.CreateAsync(new AdapterSpec { Id = Adapter, Name = Adapter, Psp = Payments.Psp }, cancellation);

        foreach (var (underWay, posts) in new[] { (64, 64), (1_024, 1_024), (1_024, 64), (1_024, 1) })
        {
            var options = new AdapterHostOptions { Adapter = Adapter, Key = silo.Key, WindowMax = underWay };
            await using var host = await AdapterHost.StartAsync(http, options, cancellation: cancellation);
            Task<LoadResult> StreamAsync() => MeasureAsync(stage, underWay, payment => host.SendAsync(payment, cancellation));
            Task<LoadResult> SingleAsync() => MeasureAsync(stage, posts, payment => client.Payments.SendAsync(payment, cancellation));
            await StreamAsync(); // its code is compiled, too
            await SingleAsync();
            var before = await database.CountAsync(cancellation);
            var sides = await Rounds.RunAsync(
                stage, database, "/s", [($"stream, {underWay} under way", StreamAsync), ($"single POSTs, {posts} under way", SingleAsync)], cancellation);
            var acknowledged = sides[0].Acknowledged() + sides[1].Acknowledged();
            var lost = Math.Max(before + acknowledged - await database.CountAsync(cancellation), 0);
            stage.Figures.Add(new Figure(
                Name, string.Create(CultureInfo.InvariantCulture, $"stream, {underWay} under way / single POSTs, {posts} under way"), "/s",
                sides[0].Rates(), sides[1].Rates(), 0, lost));
        }
    }

    /// <summary>As many callers as may be under way, each sending one payment after another.</summary>
    private static async Task<LoadResult> MeasureAsync(Stage stage, int callers, Func<NewPayment, Task> send)
    {
        var began = TimeProvider.System.GetTimestamp();
        long done = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (TimeProvider.System.GetElapsedTime(began) < stage.Scale.Leg)
            {
                await send(Payment(stage.TakeNumbers(1), stage.Scale.Accounts));
                Interlocked.Increment(ref done);
            }
        })));
        return new LoadResult { PerSecond = done / TimeProvider.System.GetElapsedTime(began).TotalSeconds, Acknowledged = done };
    }

    private static NewPayment Payment(long number, int accounts) => new()
    {
        Psp = Payments.Psp,
        PspReference = string.Create(CultureInfo.InvariantCulture, $"R{number:00000000000000}"),
        AccountId = string.Create(CultureInfo.InvariantCulture, $"{Payments.AccountPrefix}{number % accounts:0000}"),
        ReferenceId = "meter-1234-5",
        Amount = "1234.50",
        Currency = "KES",
        PaidAt = "2026-01-15T09:30:47+03:00",
        Payer = new PayerView { Name = "JANE WANJIKU", Phone = "254700000001" },
    };
}
