using System.Text.Json;
using MoMo.Tests.Cli;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>How a destination fares and why its deliveries wait, as operators and accounts see it.</summary>
public sealed class DestinationHealthTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_destination_shows_since_when_it_fails_and_what_waits_for_what()
    {
        var account = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAccountAsync(account);
        await Hub.AddWebhookAsync(account, fixture.Server);
        await Hub.AddReferenceAsync(account, "4711");
        var path = $"/v1/accounts/{account}/destinations/hook";
        var well = (await Hub.GetAsync(path)).Json.GetProperty("health");
        Assert.Equal("""{"breaker":"closed","recovering":false,"waiting":0}""", well.GetRawText());

        fixture.Server.Answer($"/{account}", 500, 3_600);
        var first = await PayAsync(account, "4711");
        var health = default(JsonElement);
        await Eventually.TrueAsync(
            async () => (health = (await Hub.GetAsync(path)).Json.GetProperty("health")).TryGetProperty("failing_since", out _), () => $"the failure: {health}");
        var second = await PayAsync(account, "4711");
        health = (await Hub.GetAsync(path)).Json.GetProperty("health");
        Assert.Equal(("closed", 2), (health.GetProperty("breaker").GetString(), health.GetProperty("waiting").GetInt32()));
        Assert.Equal(TimeSpan.FromHours(120), Time(health, "pauses_at") - Time(health, "failing_since"));
        var due = Time((await Hub.GetAsync($"/v1/deliveries/{first}")).Json, "due_at");
        Assert.Equal(Time((await Hub.GetAsync($"/v1/deliveries/{first}")).Json, "created_at"), Time(health, "oldest_waiting_at"));

        // Its ETag is that of its configuration, which has not changed.
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "If-None-Match", "\"1\"" } } };
        using var again = await Hub.Http.SendAsync(request);
        Assert.Equal((200, "\"1\""), ((int)again.StatusCode, again.Headers.ETag!.Tag));
        var listed = (await Hub.GetAsync($"/v1/accounts/{account}/destinations")).Json.GetProperty("items")[0];
        Assert.Equal(2, listed.GetProperty("health").GetProperty("waiting").GetInt32());

        var waits = new Dictionary<string, JsonElement>();
        await Eventually.TrueAsync(
            async () =>
            {
                waits = (await Hub.GetAsync($"/v1/deliveries?account_id={account}")).Json.GetProperty("items").EnumerateArray()
                    .ToDictionary(one => one.GetProperty("id").GetString()!, one => one.GetProperty("wait"));
                return Reason(waits[first]) == "scheduled";
            },
            () => $"the end of the attempt: {string.Join(' ', waits.Values)}");
        Assert.Equal(("scheduled", due), (Reason(waits[first]), Time(waits[first], "until")));
        Assert.Equal(("behind", first, due), (Reason(waits[second]), waits[second].GetProperty("behind").GetString()!, Time(waits[second], "until")));
        var shown = (await Hub.GetAsync($"/v1/deliveries/{second}")).Json.GetProperty("wait");
        Assert.Equal(waits[second].GetRawText(), shown.GetRawText());
        Assert.StartsWith($"It waits for delivery {first}, which failed and is tried again at ", shown.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Matches($"{second} .* behind {first}", (await RunAsync($"deliveries|list|--account|{account}")).Out);
        Assert.Matches("\nwait +reason: behind, ", (await RunAsync($"deliveries|show|{second}")).Out);
        Assert.Matches("\nhealth +breaker: closed, .*failing_since: .*waiting: 2", (await RunAsync($"destinations|show|{account}|hook")).Out);

        // A paused one tells that, and fails no longer towards its pause.
        var paused = await Hub.PutAsync(path, new { url = fixture.Server.UrlOf($"/{account}").ToString(), paused = true });
        Assert.False(paused.Json.TryGetProperty("health", out _));
        Assert.False((await Hub.GetAsync(path)).Json.GetProperty("health").TryGetProperty("pauses_at", out _));
        Assert.Equal("paused", Reason((await Hub.GetAsync($"/v1/deliveries/{second}")).Json.GetProperty("wait")));

        fixture.Server.Answer($"/{account}", 200);
        Assert.Equal(200, (await Hub.PutAsync(path, new { url = fixture.Server.UrlOf($"/{account}").ToString() })).Status);
        Assert.Equal(202, (await Hub.SendAsync(HttpMethod.Post, $"/v1/deliveries/{first}/retry", null)).Status);
        await Eventually.TrueAsync(
            async () => (health = (await Hub.GetAsync(path)).Json.GetProperty("health")).GetRawText() == well.GetRawText(), () => $"all to be well again: {health}");
        Assert.False((await Hub.GetAsync($"/v1/deliveries/{second}")).Json.TryGetProperty("wait", out _));
    }

    [Fact]
    public async Task A_destination_without_a_breaker_says_so()
    {
        var account = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAccountAsync(account);
        await Hub.PostAsync($"/v1/accounts/{account}/destinations", new { id = "d", url = $"http://127.0.0.1:1/{account}", breaker = false });
        Assert.Equal("off", (await Hub.GetAsync($"/v1/accounts/{account}/destinations/d")).Json.GetProperty("health").GetProperty("breaker").GetString());
    }

    private async Task<string> PayAsync(string account, string reference)
    {
        var paid = await Hub.PayAsync("psp", HubFixture.Fresh(), account, referenceId: reference);
        Assert.True(paid.Status == 201, paid.ToString());
        var found = await Hub.GetAsync($"/v1/deliveries?payment_id={paid.Text("id")}");
        return Assert.Single(found.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString()!;
    }

    private Task<CliRun> RunAsync(string args) => CliRun.Of($"{args}|--url|{Hub.Url}|--key|{fixture.Silo.Key}");

    private static string? Reason(JsonElement wait) => wait.GetProperty("reason").GetString();

    private static DateTimeOffset Time(JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset();
}
