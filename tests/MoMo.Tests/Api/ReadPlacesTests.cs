using System.Globalization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MoMo.Silo.Api;
using MoMo.Silo.Hosting;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Who reads much waits for himself: others read, and payments come in as ever.</summary>
public sealed class ReadPlacesTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const int Asked = 12;

    [Fact]
    public async Task One_key_has_so_many_reads_at_once_and_keeps_nobody_else_waiting()
    {
        var own = ReadPlaces.OwnOf(fixture.Silo.Services.GetRequiredService<IOptions<HubOptions>>().Value.ConnectionsMax);
        using var greedy = fixture.Silo.As(await fixture.Hub.AddKeyAsync("admin"));
        Task<HubAnswer>[] reads;
        await using (await HeldLock.TakeAsync(fixture.Silo.Database.OwnerConnectionString, "LOCK TABLE files IN ACCESS EXCLUSIVE MODE"))
        {
            reads = [.. Enumerable.Range(0, Asked).Select(_ => greedy.GetAsync("/v1/files"))];
            await Eventually.TrueAsync(() => reads.Count(read => read.IsCompleted) == Asked - own, () => $"{reads.Count(read => read.IsCompleted)} are answered");
            foreach (var read in reads.Where(read => read.IsCompleted))
            {
                var refused = await read;
                Assert.Equal((429, "too-many-requests"), (refused.Status, refused.Text("code")));
                Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
            }

            Assert.Equal(own, await fixture.CountAsync(HeldLock.Waiting("files")["FROM ".Length..]));
            Assert.Equal(200, (await fixture.Hub.GetAsync("/v1/payments")).Status);
            // The key itself brings payments as ever, many at once.
            var paid = await Task.WhenAll(Enumerable.Range(0, Asked).Select(_ => greedy.PayAsync("psp", HubFixture.Fresh(), "acme")));
            Assert.All(paid, one => Assert.Equal(201, one.Status));
        }

        foreach (var read in reads) await read;
        // All places are given back, whatever came of the reads.
        for (var read = 0; read < 2 * Asked; read++) Assert.Equal(200, (await greedy.GetAsync("/v1/files")).Status);
        Assert.Equal(404, (await greedy.GetAsync("/v1/files/none")).Status);
        Assert.Equal(400, (await greedy.GetAsync("/v1/files?limit=0")).Status);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, own).Select(_ => greedy.GetAsync("/v1/files"))), one => Assert.Equal(200, one.Status));
    }

    [Fact]
    public void All_reads_wait_for_their_places_and_what_brings_payments_does_not()
    {
        var waiting = fixture.Silo.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(one => (one.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (
                Name: $"{method} {one.RoutePattern.RawText}", Waits: one.Metadata.OfType<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode == 429))))
            .ToLookup(one => one.Waits, one => one.Name);
        Assert.Contains("GET /v1/payments/", waiting[true]);
        Assert.Contains("GET /v1/adapters/{adapter}/status-questions/counts", waiting[true]);
        Assert.Equal(
            ["POST /v1/adapters/{adapter}/status-questions/ask-again", "POST /v1/deliveries/replay"],
            waiting[true].Where(name => !name.StartsWith("GET /v1/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(waiting[false], name =>
            name.StartsWith("GET /v1/", StringComparison.Ordinal) && !name.StartsWith("GET /v1/callbacks/", StringComparison.Ordinal));
        Assert.Contains("POST /v1/payments/", waiting[false]);
    }
}
