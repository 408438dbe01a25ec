using System.Globalization;
using MoMo.Client;
using MoMo.Client.Adapters;
using MoMo.Client.Wire;
using MoMo.Tests.Support;

namespace MoMo.Tests.Adapters;

public sealed class AdapterHostTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task Payments_are_acknowledged_in_the_order_that_they_were_given_in()
    {
        var (http, options) = await PrepareAsync("order", fixture.Hub.Url);
        using (http)
        {
            await using var host = await AdapterHost.StartAsync(http, options);
            var lines = await SendAsync(host, "O", 3_000);

            Assert.Equal(Enumerable.Range(1, 3_000).Select(number => (long)number), lines.Select(line => line.Line));
            Assert.All(lines, line => Assert.Equal((201, "accepted"), (line.Status, line.Outcome)));
            Assert.Equal(3_000, lines.Select(line => line.Sequence).Distinct().Count());
        }

        Assert.Equal(3_000, await fixture.CountAsync("payments WHERE adapter_id = 'order'"));
    }

    [Fact]
    public async Task A_connection_that_is_cut_again_and_again_loses_and_doubles_nothing()
    {
        await using var wire = new CutProxy(fixture.Hub.Url);
        var (http, options) = await PrepareAsync("cut", wire.Url);
        using (http)
        {
            await using var host = await AdapterHost.StartAsync(http, options);
            List<BulkLine> lines = [];
            for (var round = 0; round < 6; round++)
            {
                var sending = SendAsync(host, $"C{round}-", 700);
                await Task.WhenAny(sending, UntilAsync($"psp_reference LIKE 'C{round}-%'", 50 * (round + 1)));
                wire.Cut();
                lines.AddRange(await sending);
            }

            Assert.All(lines, line => Assert.True(line.Status is 200 or 201, line.ToString()));
        }

        Assert.True(wire.Connections > 3, $"{wire.Connections} connections: nothing was cut.");
        Assert.Equal(4_200, await fixture.CountAsync("payments WHERE adapter_id = 'cut'"));
    }

    [Fact]
    public async Task Who_stops_drains_first_and_is_down_then()
    {
        var (http, options) = await PrepareAsync("stops", fixture.Hub.Url);
        using (http)
        {
            var host = await AdapterHost.StartAsync(http, options);
            Assert.Equal("up", await StateAsync("stops"));
            List<Task<BulkLine>> sent = [];
            for (var number = 0; number < 500; number++) sent.Add(await host.EnqueueAsync(Payment($"S{number}")));
            await host.StopAsync();

            Assert.All(sent, one => Assert.True(one.IsCompletedSuccessfully));
            await Assert.ThrowsAsync<InvalidOperationException>(() => host.SendAsync(Payment("S-late")));
            await host.DisposeAsync();
        }

        Assert.Equal("down", await StateAsync("stops"));
        Assert.Equal(500, await fixture.CountAsync("payments WHERE adapter_id = 'stops'"));
    }

    [Fact]
    public async Task A_refused_payment_is_an_answer_and_the_stream_goes_on()
    {
        var (http, options) = await PrepareAsync("refused", fixture.Hub.Url);
        using (http)
        {
            await using var host = await AdapterHost.StartAsync(http, options);
            var refused = await host.SendAsync(Payment("R1") with { Amount = "-1" });
            var taken = await host.SendAsync(Payment("R2"));
            var differs = await host.SendAsync(Payment("R2") with { Amount = "11.00" });
            Assert.Equal((422, 201, 409), (refused.Status, taken.Status, differs.Status));
        }
    }

    [Fact]
    public async Task Who_has_no_such_adapter_is_told_at_the_start()
    {
        using var http = new HttpClient { BaseAddress = fixture.Hub.Url };
        var options = new AdapterHostOptions { Adapter = "nowhere", Key = fixture.Silo.Key };
        var refusal = await Assert.ThrowsAsync<MoMoException>(() => AdapterHost.StartAsync(http, options));
        Assert.Equal("adapter-unknown", refusal.Code);
    }

    private static NewPayment Payment(string reference) =>
        new() { Psp = "psp", PspReference = reference, AccountId = "acme", Amount = "10.00", Currency = "KES" };

    private static async Task<BulkLine[]> SendAsync(AdapterHost host, string prefix, int count)
    {
        List<Task<BulkLine>> sent = [];
        for (var number = 1; number <= count; number++)
            sent.Add(await host.EnqueueAsync(Payment(string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}"))));
        return await Task.WhenAll(sent);
    }

    private async Task<(HttpClient Http, AdapterHostOptions Options)> PrepareAsync(string adapter, Uri url)
    {
        await fixture.Hub.AddAdapterAsync(adapter, "psp", "json");
        var key = await fixture.Hub.AddKeyAsync($"adapter:{adapter}");
        return (new HttpClient { BaseAddress = url }, new AdapterHostOptions { Adapter = adapter, Key = key, WindowMax = 256 });
    }

    private async Task UntilAsync(string condition, int count)
    {
        while (await fixture.CountAsync($"payments WHERE {condition}") < count) await Task.Yield();
    }

    private async Task<string?> StateAsync(string adapter) =>
        (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Json.GetProperty("state").GetString();
}
