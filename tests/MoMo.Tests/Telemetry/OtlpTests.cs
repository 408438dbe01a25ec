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

        string secret;
        await using (var silo = await SiloHost.StartAsync(null, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First())))
        {
            await silo.Hub.AddPspAsync("psp");
            Assert.Equal(201, (await silo.Hub.PayAsync("psp", "r1", "nobody")).Status);
            await silo.Hub.GetAsync("/status");
            Assert.Equal(404, (await silo.Hub.GetAsync("/v1/payments/254700000001")).Status);
            Assert.Equal(404, (await silo.Hub.GetAsync("/nowhere/254700000002?for=254700000003")).Status);
            var path = (await silo.Hub.AddAdapterAsync("c2b", "psp", "mpesa-c2b")).GetProperty("callback_path").GetString()!;
            secret = path.Split('/')[^1];
            await silo.Hub.PostAsync($"{path}/confirmation", "{}");
            // The hub's own requests, as to accounts, are measured like any of this process.
            await Record.ExceptionAsync(() => silo.Hub.Http.GetAsync(new Uri("http://account-server.invalid/with-a-secret")));
        }

        // Names stand in the messages as they are.
        var (metrics, traces) = (received["metrics"], received["traces"]);
        Assert.Contains("momo.payments", metrics, StringComparison.Ordinal);
        Assert.Contains("momo.adapters", metrics, StringComparison.Ordinal);
        Assert.Contains("http.client.request.duration", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("account-server", metrics, StringComparison.Ordinal);

        // As a span's name, which the framework makes of the method alone; and as its attributes.
        foreach (var said in (string[])["POST /v1/payments/", "GET /v1/payments/{id}", "POST /v1/callbacks/{adapter}/{secret}", "http.route", "http.response.status_code"])
            Assert.Contains(said, traces, StringComparison.Ordinal);
        Assert.True(secret.Length > 20);
        foreach (var hidden in (string[])[secret, "with-a-secret", "25470000000", "url.path", "url.full", "url.query"])
            Assert.DoesNotContain(hidden, traces, StringComparison.Ordinal);
    }

    private static string Latin(MemoryStream body) => System.Text.Encoding.Latin1.GetString(body.ToArray());
}
