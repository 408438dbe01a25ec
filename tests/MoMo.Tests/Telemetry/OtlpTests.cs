using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MoMo.Tests.Support;

namespace MoMo.Tests.Telemetry;

public sealed class OtlpTests
{
    [Fact]
    public async Task Metrics_and_traces_reach_a_collector()
    {
        var received = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.AddOrUpdate(signal, _ => Latin(body), (_, before) => before + Latin(body));
            return Results.Ok();
        });
        await collector.StartAsync();

        await using (var silo = await SiloHost.StartAsync(null, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First())))
        {
            await silo.Hub.AddPspAsync("psp");
            Assert.Equal(201, (await silo.Hub.PayAsync("psp", "r1", "nobody")).Status);
            await silo.Hub.GetAsync("/status");
        }

        // Names stand in the messages as they are.
        Assert.Contains("momo.payments", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("momo.adapters", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("/v1/payments", received["traces"], StringComparison.Ordinal);
    }

    private static string Latin(MemoryStream body) => System.Text.Encoding.Latin1.GetString(body.ToArray());
}
