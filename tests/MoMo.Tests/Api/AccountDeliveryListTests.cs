using MoMo.Tests.Edge.Webhooks;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>All that an account was told of is in the lists of its deliveries, what tells of adapters as well as of payments.</summary>
public sealed class AccountDeliveryListTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task News_of_adapters_are_listed_whatever_became_of_them_after_what_has_a_number_and_page_by_page()
    {
        var (account, adapter) = (HubFixture.Fresh().ToLowerInvariant(), HubFixture.Fresh().ToLowerInvariant());
        await Hub.AddAccountAsync(account);
        await Hub.AddAdapterAsync(adapter, "psp", "json");
        var status = 200;
        await using var receiver = await Receiver.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        var made = await Hub.PostAsync($"/v1/accounts/{account}/destinations", new
        {
            id = "hook", url = receiver.Url.ToString(), retry_waits = new[] { 1 }, order = "none", breaker = false,
            events = new[] { "adapter.state", "payment.accepted" },
        });
        Assert.True(made.Status == 201, made.ToString());
        await ReportAsync(adapter, "register", new { lease_seconds = 3_600 });
        await PayAsync(account);
        await ListedAsync($"account_id={account}&state=delivered", 2);
        status = 400;
        await ReportAsync(adapter, "state", new { state = "down", detail = "no line" });
        await PayAsync(account);
        await ReportAsync(adapter, "state", new { state = "up" });
        await ListedAsync($"account_id={account}&state=dead", 3);
        using var own = new HubClient(Hub.Url, await Hub.AddKeyAsync($"account:{account}"));

        foreach (var (query, numbers) in new (string, long[])[]
        {
            ("", [2, 1, 0, 0, 0]), ("state=delivered", [1, 0]), ("state=dead", [2, 0, 0]), ("cause=account_rejected", [2, 0, 0]),
            ("state=dead&cause=account_rejected", [2, 0, 0]), ("state=pending", []), ("destination=hook", [2, 1, 0, 0, 0]),
            ("destination=hook&state=dead", [2, 0, 0]), ("destination=hook&state=delivered", [1, 0]),
            ("sequence_from=1&sequence_to=1", [1]), ("sequence_from=2", [2]), ("state=dead&sequence_from=1&sequence_to=9", [2]), ("sequence_from=3", []), ("sequence_to=1", [1]),
        })
        {
            var whole = await PageAsync(own, query);
            Assert.Equal(numbers, whole.Select(one => one.Number));
            Assert.Equal(whole, await PageAsync(Hub, $"account_id={account}&{query}"));
            Assert.Equal(whole.OrderByDescending(one => one.Number).ThenByDescending(one => one.Id, StringComparer.Ordinal), whole);
            List<(long Number, string Id)> pages = [];
            for (var after = ""; ;)
            {
                var page = await PageAsync(own, $"{query}&limit=1{after}");
                pages.AddRange(page);
                if (page.Count == 0 || pages.Count > whole.Count) break;
                after = $"&after={page[^1].Id}";
            }

            Assert.Equal(whole, pages);
        }

        // As many as a replay counts.
        var counted = await Hub.PostAsync("/v1/deliveries/replay", new { account_id = account, dry_run = true });
        Assert.Equal(3, counted.Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_account_that_was_told_something_is_not_deleted_so_that_nobody_inherits_what_it_was_told()
    {
        var (account, adapter) = (HubFixture.Fresh().ToLowerInvariant(), HubFixture.Fresh().ToLowerInvariant());
        await Hub.AddAccountAsync(account);
        await Hub.AddAdapterAsync(adapter, "psp", "json");
        await using var receiver = await Receiver.StartAsync(200);
        var made = await Hub.PostAsync(
            $"/v1/accounts/{account}/destinations", new { id = "news", url = receiver.Url.ToString(), events = new[] { "adapter.state" } });
        Assert.True(made.Status == 201, made.ToString());
        await ReportAsync(adapter, "register", new { lease_seconds = 3_600 });
        await ListedAsync($"account_id={account}&state=delivered", 1);
        Assert.Equal(204, (await Hub.SendAsync(HttpMethod.Delete, $"/v1/accounts/{account}/destinations/news", null)).Status);

        var refused = await Hub.SendAsync(HttpMethod.Delete, $"/v1/accounts/{account}", null);

        Assert.Equal((409, "in-use"), (refused.Status, refused.Text("code")));
        Assert.Contains("used by deliveries.", refused.Text("detail"), StringComparison.Ordinal);
    }

    private async Task PayAsync(string account) => Assert.Equal(201, (await Hub.PayAsync("psp", HubFixture.Fresh(), account)).Status);

    private async Task ReportAsync(string adapter, string what, object body)
    {
        var answer = await Hub.PostAsync($"/v1/adapters/{adapter}/{what}", body);
        Assert.True(answer.Status is 200 or 204, answer.ToString());
    }

    private async Task ListedAsync(string query, int count)
    {
        var found = 0;
        await Eventually.TrueAsync(async () => (found = (await PageAsync(Hub, query)).Count) == count, () => $"{count} of {query}, not {found}");
    }

    private static async Task<List<(long Number, string Id)>> PageAsync(HubClient hub, string query)
    {
        var answer = await hub.GetAsync($"/v1/deliveries?{query}");
        Assert.True(answer.Status == 200, answer.ToString());
        return [.. answer.Json.GetProperty("items").EnumerateArray().Select(one => (one.GetProperty("sequence").GetInt64(), one.GetProperty("id").GetString()!))];
    }
}
