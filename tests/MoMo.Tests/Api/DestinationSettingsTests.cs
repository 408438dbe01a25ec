using System.Text.Json;
using MoMo.Tests.Edge.Webhooks;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What a destination may say of how it is delivered to, and what comes of it on the wire.</summary>
public sealed class DestinationSettingsTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task Settings_are_kept_and_shown_and_what_is_left_out_is_as_the_hub_has_it()
    {
        var account = await AccountAsync();
        var made = await Hub.PostAsync($"/v1/accounts/{account}/destinations", new
        {
            id = "d", url = $"http://127.0.0.1:1/{account}", order = "account", retry_waits = new[] { 1, 172_800 }, max_concurrency = 64, rate_per_second = 0.5,
            breaker = false, events = new[] { "payment.accepted" }, currencies = new[] { "KES" }, psps = new[] { "psp" },
        });
        Assert.True(made.Status == 201, made.ToString());
        var read = (await Hub.GetAsync($"/v1/accounts/{account}/destinations/d")).Json;
        Assert.Equal(
            """account [1,172800] 64 0.5 False ["payment.accepted"] ["KES"] ["psp"] v1""",
            string.Join(' ', new[] { "order", "retry_waits", "max_concurrency", "rate_per_second", "breaker", "events", "currencies", "psps", "signing" }
                .Select(name => read.GetProperty(name).ToString())));
        await Hub.PutAsync($"/v1/accounts/{account}/destinations/d", new { url = $"http://127.0.0.1:1/{account}", paused = true });
        read = (await Hub.GetAsync($"/v1/accounts/{account}/destinations/d")).Json;
        Assert.Equal("reference True", $"{read.GetProperty("order")} {read.GetProperty("breaker")}");
        Assert.False(read.TryGetProperty("retry_waits", out _));
    }

    [Fact]
    public async Task Limits_are_held_and_all_faults_are_named()
    {
        var account = await AccountAsync();
        var refused = await Hub.PostAsync($"/v1/accounts/{account}/destinations", new
        {
            id = "d", url = $"http://127.0.0.1:1/{account}", order = "random", retry_waits = Enumerable.Repeat(172_800, 8).ToArray(), max_concurrency = 65,
            rate_per_second = 0, events = new[] { "payment.lost" }, currencies = new[] { "XXY" }, psps = Array.Empty<string>(), signing = "v3",
        });
        Assert.Equal(422, refused.Status);
        Assert.Equal(["currencies", "events", "max_concurrency", "order", "psps", "rate_per_second", "retry_waits", "signing"], refused.Fields);
        foreach (var waits in new int[][] { [], [0], [172_801], [.. Enumerable.Repeat(1, 21)] })
        {
            var one = await Hub.PostAsync($"/v1/accounts/{account}/destinations", new { id = "d", url = $"http://127.0.0.1:1/{account}", retry_waits = waits });
            Assert.Equal((422, "retry_waits"), (one.Status, Assert.Single(one.Fields)));
        }
    }

    [Fact]
    public async Task A_filter_names_PSPs_that_there_are_and_keeps_those_that_were_there()
    {
        var (account, psp) = (await AccountAsync(), HubFixture.Fresh().ToLowerInvariant());
        await Hub.AddPspAsync(psp);
        var path = $"/v1/accounts/{account}/destinations";
        var refused = await Hub.PostAsync(path, new { id = "d", url = $"http://127.0.0.1:1/{account}", psps = new[] { "psp", "mpessa" } });
        Assert.Equal((422, "psp-unknown", "psps"), (refused.Status, refused.Text("code"), Assert.Single(refused.Fields)));
        Assert.Contains("'mpessa'", refused.Text("detail")!, StringComparison.Ordinal);
        Assert.Equal(422, (await Hub.PostAsync(path, new { id = "d", url = $"http://127.0.0.1:1/{account}", psps = new[] { "PSP" } })).Status);
        Assert.Equal(422, (await Hub.PostAsync(path, new { id = "d", url = $"http://127.0.0.1:1/{account}", currencies = new[] { "kes" } })).Status);

        var made = await Hub.PostAsync(path, new { id = "d", url = $"http://127.0.0.1:1/{account}", psps = new[] { psp } });
        Assert.True(made.Status == 201, made.ToString());
        foreach (var archived in new[] { true, false })
        {
            Assert.Equal(200, (await Hub.PutAsync($"/v1/psps/{psp}", new { name = psp, archived })).Status);
            Assert.Equal(200, (await ChangeAsync(psp)).Status);
        }

        Assert.Equal(204, (await Hub.SendAsync(HttpMethod.Delete, $"/v1/psps/{psp}", null)).Status);
        Assert.Equal(200, (await ChangeAsync(psp, "psp")).Status);
        Assert.Equal(422, (await ChangeAsync(psp, "mpessa")).Status);
        Assert.Equal(200, (await ChangeAsync("psp")).Status);
        Assert.Equal(422, (await ChangeAsync(psp)).Status);

        Task<HubAnswer> ChangeAsync(params string[] psps) => Hub.PutAsync($"{path}/d", new { url = $"http://127.0.0.1:1/{account}", psps, paused = true });
    }

    [Fact]
    public async Task A_rotation_lets_both_secrets_sign_until_it_is_ended()
    {
        await using var receiver = await Receiver.StartAsync(200);
        var account = await AccountAsync();
        var path = $"/v1/accounts/{account}/destinations/d";
        var old = Key(await Hub.PostAsync($"/v1/accounts/{account}/destinations", new { id = "d", url = receiver.Url.ToString() }));
        var rotated = await Hub.SendAsync(HttpMethod.Post, $"{path}/rotate", null);
        Assert.True(rotated.Status == 200, rotated.ToString());
        var renewed = Key(rotated);
        Assert.InRange(rotated.Json.GetProperty("rotation_until").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        Assert.Null((await Hub.GetAsync(path)).Text("secret"));
        Assert.Equal(409, (await Hub.SendAsync(HttpMethod.Post, $"{path}/rotate", null)).Status);

        await PayAsync(account);
        await Eventually.TrueAsync(() => receiver.Requests.Length == 1, () => "the webhook");
        Assert.True(receiver.Requests[0].IsSignedWith(old) && receiver.Requests[0].IsSignedWith(renewed));
        Assert.Equal(200, (await Hub.SendAsync(HttpMethod.Post, $"{path}/rotate/end", null)).Status);
        await PayAsync(account);
        await Eventually.TrueAsync(() => receiver.Requests.Length == 2, () => "the second webhook");
        Assert.True(!receiver.Requests[1].IsSignedWith(old) && receiver.Requests[1].IsSignedWith(renewed));
    }

    [Fact]
    public async Task Each_destination_is_told_of_what_it_asked_for_and_of_adapters_only_who_wants_to()
    {
        await using var all = await Receiver.StartAsync(200);
        await using var shillings = await Receiver.StartAsync(200);
        await using var adapters = await Receiver.StartAsync(200);
        var account = await AccountAsync();
        var destinations = $"/v1/accounts/{account}/destinations";
        await Hub.PostAsync(destinations, new { id = "all", url = all.Url.ToString() });
        await Hub.PostAsync(destinations, new { id = "ugx", url = shillings.Url.ToString(), currencies = new[] { "UGX" } });
        await Hub.PostAsync(destinations, new { id = "news", url = adapters.Url.ToString(), events = new[] { "adapter.state" } });
        await PayAsync(account);
        await Eventually.TrueAsync(() => all.Requests.Length == 1, () => "the payment");

        await Hub.AddAdapterAsync("watched", "psp", "json");
        Assert.Equal(200, (await Hub.PostAsync("/v1/adapters/watched/register", new { lease_seconds = 60 })).Status);
        await Hub.PostAsync("/v1/adapters/watched/state", new { state = "down", detail = "no line" });
        await Eventually.TrueAsync(() => adapters.Requests.Length == 2, () => "the news");
        Assert.Equal(
            ["adapter.state up", "adapter.state down"],
            adapters.Requests.Select(one => JsonElement.Parse(one.Body)).OrderBy(one => one.GetProperty("data").GetProperty("since").GetString())
                .Select(one => $"{one.GetProperty("type")} {one.GetProperty("data").GetProperty("state")}"));
        Assert.Empty(shillings.Requests);
        Assert.Single(all.Requests);
    }

    [Fact]
    public async Task Dead_letters_are_found_by_cause_counted_and_replayed_with_the_same_id()
    {
        var status = 400;
        await using var receiver = await Receiver.StartAsync(async http =>
        {
            http.Response.StatusCode = status;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, "no such invoice");
        });
        var account = await AccountAsync();
        await Hub.PostAsync($"/v1/accounts/{account}/destinations", new { id = "d", url = receiver.Url.ToString(), retry_waits = new[] { 1 }, order = "none" });
        for (var number = 0; number < 3; number++) await PayAsync(account);
        await Eventually.TrueAsync(async () => await CountAsync($"account_id={account}&state=dead") == 3, () => "the dead letters");
        Assert.Equal(3, await CountAsync($"account_id={account}&state=dead&cause=account_rejected&destination=d"));
        Assert.Equal(0, await CountAsync($"account_id={account}&cause=account_unreachable"));
        Assert.Equal(0, await CountAsync($"account_id={account}&to=2026-01-01T00:00:00Z"));
        var dead = (await Hub.GetAsync($"/v1/deliveries?account_id={account}&state=dead")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var history = (await Hub.GetAsync($"/v1/deliveries/{dead}")).Json.GetProperty("history");
        Assert.Equal((2, "no such invoice"), (history.GetArrayLength(), history[0].GetProperty("excerpt").GetString()));

        var counted = await Hub.PostAsync("/v1/deliveries/replay", new { account_id = account, dry_run = true });
        Assert.Equal((200, 3L), (counted.Status, counted.Json.GetProperty("total").GetInt64()));
        Assert.True(counted.Json.TryGetProperty("first", out _) && !counted.Json.TryGetProperty("id", out _));
        Assert.Equal(422, (await Hub.PostAsync("/v1/deliveries/replay", new { account_id = account, destination_id = "none" })).Status);

        status = 200;
        var begun = await Hub.PostAsync("/v1/deliveries/replay", new { account_id = account, cause = "account_rejected" });
        Assert.True(begun.Status == 202, begun.ToString());
        var replay = $"/v1/deliveries/replays/{begun.Text("id")}";
        await Eventually.TrueAsync(async () => (await Hub.GetAsync(replay)).Json.TryGetProperty("finished_at", out _), () => "the end of the replay");
        Assert.Equal(3, (await Hub.GetAsync(replay)).Json.GetProperty("replayed").GetInt32());
        await Eventually.TrueAsync(async () => await CountAsync($"account_id={account}&state=delivered") == 3, () => "the deliveries");
        Assert.Equal(3, receiver.Requests.Select(one => one.Header("webhook-id")).Distinct().Count());
        Assert.Equal(9, receiver.Requests.Length);
    }

    private static byte[] Key(HubAnswer answer) => Convert.FromBase64String(answer.Text("secret")!["whsec_".Length..]);

    private async Task<int> CountAsync(string query) => (await Hub.GetAsync($"/v1/deliveries?{query}")).Json.GetProperty("items").GetArrayLength();

    private async Task<string> AccountAsync()
    {
        var account = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAccountAsync(account);
        return account;
    }

    private async Task PayAsync(string account) => Assert.Equal(201, (await Hub.PayAsync("psp", HubFixture.Fresh(), account)).Status);
}
