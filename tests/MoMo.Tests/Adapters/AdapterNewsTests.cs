using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Simulator.Real;
using MoMo.Tests.Channels;
using MoMo.Tests.Client;
using MoMo.Tests.Support;

namespace MoMo.Tests.Adapters;

/// <summary>Alarms end to end: an adapter's destination-to-be-told gets a signed webhook over HTTP of every state that the adapter comes into.</summary>
public sealed class AdapterNewsTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task Who_asks_for_it_is_told_that_an_adapter_is_down_and_up_again()
    {
        var (watched, other) = (await fixture.AddAdapterAsync(), await fixture.AddAdapterAsync());
        await using var ops = await Receiver.StartAsync(Hub, "ops", new { events = new[] { "adapter.state" }, psps = new[] { watched } });
        await using var all = await Receiver.StartAsync(Hub, "all", new { events = new[] { "adapter.state", "payment.accepted" } });
        await using var books = await Receiver.StartAsync(Hub, "books", new { });

        await ReportAsync(watched, "register", new { lease_seconds = 5 });
        await ReportAsync(other, "register", new { lease_seconds = 3_600 });
        await ops.HasAsync(watched, "up");
        await ops.HasAsync(watched, "down"); // five seconds without a sign of life
        await ReportAsync(watched, "heartbeat", new { });
        await ops.HasAsync(watched, "up", times: 2);
        await ReportAsync(watched, "state", new { state = "degraded", detail = "half of the lines are cut" });
        await ops.HasAsync(watched, "degraded");
        await ReportAsync(watched, "state", new { state = "down", detail = "maintenance until 18:00" });
        await ops.HasAsync(watched, "down", times: 2);
        await all.HasAsync(watched, "down", times: 2);
        await all.HasAsync(other, "up");

        // A payment tells those that did not ask for adapters that nothing before it was theirs.
        Assert.Equal(201, (await Hub.PayAsync(watched, HubFixture.Fresh(), "acme")).Status);
        await Eventually.TrueAsync(() => books.Count("payment.accepted") == 1 && all.Count("payment.accepted") == 1, () => "The payment is not told.");
        Assert.Equal((0, 0), (books.Count("adapter.state"), ops.Count("payment.accepted")));
        Assert.All(ops.News, one => Assert.Equal(watched, one.GetProperty("adapter").GetString()));
        Assert.All((Receiver[])[ops, all, books], one => Assert.Empty(one.Faults));
        // Operators see why; accounts, with whom others may share the adapter, only what that means.
        var history = (await Hub.GetAsync($"/v1/adapters/{watched}/states")).Json.GetProperty("items").EnumerateArray();
        Assert.Equal(["down", "degraded", "up", "down", "up"], history.Select(one => one.GetProperty("state").GetString()));
        Assert.Equal(
            ["maintenance until 18:00", "half of the lines are cut", null, "lease ran out", null],
            history.Select(one => one.TryGetProperty("detail", out var why) ? why.GetString() : null));
        foreach (var one in (Receiver[])[ops, all])
            Assert.All(one.News, told => Assert.DoesNotMatch("lease|lines|maintenance", told.GetRawText()));
    }

    [Fact]
    public async Task A_channel_that_breaks_or_sets_something_aside_is_an_alarm_too()
    {
        await using var ops = await Receiver.StartAsync(Hub, "channels", new { events = new[] { "adapter.state" } });
        var (adapter, folder) = await fixture.WatchAsync("camt.053", path => new { path, ready = "at-once", interval_seconds = 5 });
        await ops.HasAsync(adapter, "up");
        Directory.Move(folder, folder + "-away");
        await fixture.LookAsync(adapter);
        var down = await ops.HasAsync(adapter, "down");
        Assert.Equal("No payments can be expected until it is up again.", down.GetProperty("detail").GetString());

        Directory.Move(folder + "-away", folder);
        await fixture.LookAsync(adapter);
        await ops.HasAsync(adapter, "up", times: 2);
        await File.WriteAllTextAsync(Path.Combine(folder, "poison.xml"), "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>");
        await fixture.LookAsync(adapter);
        var degraded = await ops.HasAsync(adapter, "degraded");
        Assert.Equal("Payments come, but some may be late or missing.", degraded.GetProperty("detail").GetString());
        Assert.All(ops.News, told => Assert.DoesNotContain("poison", told.GetRawText(), StringComparison.Ordinal));
        Assert.All(ops.News, told => Assert.DoesNotContain(folder, told.GetRawText(), StringComparison.Ordinal));
        var shown = (await Hub.GetAsync($"/v1/adapters/{adapter}")).Text("state_detail");
        Assert.Contains("set aside: poison.xml", shown, StringComparison.Ordinal);
        Assert.Empty(ops.Faults);
    }

    private async Task ReportAsync(string adapter, string what, object body)
    {
        var answer = await Hub.PostAsync($"/v1/adapters/{adapter}/{what}", body);
        Assert.True(answer.Status == 200, answer.ToString());
    }

    /// <summary>A server of account acme that keeps what it is told, once its signature is found right.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly ConcurrentQueue<JsonElement> told = new();
        private readonly ConcurrentQueue<string> faults = new();
        private byte[] secret = [];
        private FakeHub server = null!;

        public IEnumerable<JsonElement> News => Of("adapter.state");

        public IReadOnlyCollection<string> Faults => faults;

        public static async Task<Receiver> StartAsync(HubClient hub, string id, object filter)
        {
            var receiver = new Receiver();
            receiver.server = await FakeHub.StartAsync(receiver.ReceiveAsync);
            var spec = JsonSerializer.SerializeToNode(filter)!.AsObject();
            (spec["id"], spec["url"]) = (id, receiver.server.Url.ToString());
            var made = await hub.PostAsync("/v1/accounts/acme/destinations", spec.ToJsonString());
            Assert.True(made.Status == 201, made.ToString());
            receiver.secret = Convert.FromBase64String(made.Text("secret")!["whsec_".Length..]);
            return receiver;
        }

        public int Count(string type) => Of(type).Count();

        /// <summary>Waits until an adapter came into a state so many times.</summary>
        public async Task<JsonElement> HasAsync(string adapter, string state, int times = 1)
        {
            JsonElement[] found = [];
            await Eventually.TrueAsync(
                () =>
                {
                    found = [.. News.Where(one => one.GetProperty("adapter").GetString() == adapter && one.GetProperty("state").GetString() == state)
                        .DistinctBy(one => one.GetProperty("id").GetString())];
                    return found.Length >= times;
                },
                () => $"{adapter} is not told to be {state}; told: {string.Join(", ", told)}; faults: {string.Join(", ", faults)}");
            return found[times - 1];
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private IEnumerable<JsonElement> Of(string type) => told.Where(one => one.GetProperty("type").GetString() == type).Select(one => one.GetProperty("data"));

        private async Task ReceiveAsync(HttpContext http)
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var (headers, bytes) = (http.Request.Headers, body.ToArray());
            if (Verifier.Accepts(secret, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), bytes))
                told.Enqueue(JsonElement.Parse(bytes));
            else faults.Enqueue("A webhook is not signed as it should be.");
        }
    }
}
