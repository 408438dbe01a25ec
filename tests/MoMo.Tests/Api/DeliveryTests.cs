using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What an account's server does to deliveries, as operators and accounts see it.</summary>
public sealed class DeliveryTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_delivery_that_arrived_can_be_sent_again_with_the_same_id()
    {
        var (account, _) = await AddAsync();
        var delivery = await PayAsync(account);
        Assert.Equal("delivered 1 200", await SeeAsync(delivery, "delivered"));

        var again = await Hub.SendAsync(HttpMethod.Post, $"/v1/deliveries/{delivery}/retry", null);
        Assert.True(again.Status == 202, again.ToString());
        await fixture.Server.HasAsync(webhook => webhook.Id == delivery && webhook.Attempt == 2, "the second sending");
        Assert.Equal("delivered 2 200", await SeeAsync(delivery, "delivered"));
        Assert.Empty(fixture.Server.Faults);
    }

    [Fact]
    public async Task A_payment_tells_how_its_account_is_told_of_it()
    {
        var (account, path) = await AddAsync();
        fixture.Server.Answer(path, 500);
        var delivery = await PayAsync(account);
        var payment = (await Hub.GetAsync($"/v1/deliveries/{delivery}")).Text("payment_id");
        Assert.Equal([$"{delivery} pending"], await ToldAsync(Hub));

        fixture.Server.Answer(path, 204);
        Assert.Equal(202, (await Hub.SendAsync(HttpMethod.Post, $"/v1/deliveries/{delivery}/retry", null)).Status);
        await SeeAsync(delivery, "delivered");
        using var own = fixture.Silo.As(await Hub.AddKeyAsync($"account:{account}"));
        Assert.Equal([$"{delivery} delivered"], await ToldAsync(own));

        var lost = (await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody")).Text("id");
        Assert.False((await Hub.GetAsync($"/v1/payments/{lost}")).Json.TryGetProperty("deliveries", out _));

        async Task<string[]> ToldAsync(HubClient asking) =>
        [
            .. (await asking.GetAsync($"/v1/payments/{payment}")).Json.GetProperty("deliveries").EnumerateArray()
                .Select(one => $"{one.GetProperty("id").GetString()} {one.GetProperty("state").GetString()}"),
        ];
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(302, null)] // A redirect is a failure.
    [InlineData(429, 3_600)]
    [InlineData(503, 3_600)]
    public async Task A_delivery_that_failed_waits_and_a_person_can_hurry_it(int status, int? retryAfter)
    {
        var (account, path) = await AddAsync();
        fixture.Server.Answer(path, status, retryAfter);
        var delivery = await PayAsync(account);
        var json = default(JsonElement);
        await Eventually.TrueAsync(
            async () => (json = (await Hub.GetAsync($"/v1/deliveries/{delivery}")).Json).GetProperty("attempts").GetInt32() > 0, () => "the failed attempt");
        Assert.Equal("pending", json.GetProperty("state").GetString());
        Assert.Equal(status, json.GetProperty("last_status").GetInt32());
        if (retryAfter is { } seconds)
        {
            Assert.Equal(1, json.GetProperty("attempts").GetInt32());
            var asked = json.GetProperty("due_at").GetDateTimeOffset() - json.GetProperty("attempted_at").GetDateTimeOffset();
            Assert.InRange(asked, TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(1));
        }

        fixture.Server.Answer(path, 204);
        Assert.Equal(202, (await Hub.SendAsync(HttpMethod.Post, $"/v1/deliveries/{delivery}/retry", null)).Status);
        Assert.EndsWith(" 204", await SeeAsync(delivery, "delivered"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_paused_and_goes_on_when_it_is_back()
    {
        var (account, path) = await AddAsync();
        fixture.Server.Answer(path, 410);
        var first = await PayAsync(account);
        var destination = $"/v1/accounts/{account}/destinations/hook";
        await Eventually.TrueAsync(async () => (await Hub.GetAsync(destination)).Json.GetProperty("paused").GetBoolean(), () => "the pause");
        var second = await PayAsync(account);

        fixture.Server.Answer(path, 200);
        var resumed = await Hub.PutAsync(destination, new { kind = "webhook", url = fixture.Server.UrlOf(path).ToString(), paused = false });
        Assert.True(resumed.Status == 200, resumed.ToString());
        Assert.Equal("delivered 2 200", await SeeAsync(first, "delivered"));
        Assert.Equal("delivered 1 200", await SeeAsync(second, "delivered"));
    }

    [Fact]
    public async Task A_person_who_hurries_what_is_paused_is_told_so()
    {
        var (account, path) = await AddAsync();
        var delivery = await PayAsync(account);
        await SeeAsync(delivery, "delivered");
        var destination = $"/v1/accounts/{account}/destinations/hook";
        Assert.Equal(200, (await Hub.PutAsync(destination, new { kind = "webhook", url = fixture.Server.UrlOf(path).ToString(), paused = true })).Status);

        var again = await Hub.SendAsync(HttpMethod.Post, $"/v1/deliveries/{delivery}/retry", null);
        Assert.Equal((202, "pending"), (again.Status, again.Text("state")));
        Assert.Equal("paused", again.Json.GetProperty("wait").GetProperty("reason").GetString());
        var seen = await Hub.GetAsync($"/v1/deliveries/{delivery}");
        Assert.Equal(seen.Json.GetProperty("wait").ToString(), again.Json.GetProperty("wait").ToString());
    }

    [Fact]
    public async Task Deliveries_are_listed_by_state_account_and_payment()
    {
        var (account, path) = await AddAsync();
        var delivered = await PayAsync(account);
        await SeeAsync(delivered, "delivered");
        fixture.Server.Answer(path, 500, 3_600);
        var pending = await PayAsync(account);

        Assert.Equal((string[])[pending, delivered], await ListAsync($"account_id={account}"));
        Assert.Equal((string[])[pending], await ListAsync($"account_id={account}&state=pending"));
        Assert.Equal((string[])[delivered], await ListAsync($"account_id={account}&state=delivered"));
        Assert.Equal((string[])[], await ListAsync($"account_id={account}&state=dead"));
        var payment = (await Hub.GetAsync($"/v1/deliveries/{delivered}")).Text("payment_id");
        Assert.Equal((string[])[delivered], await ListAsync($"payment_id={payment}"));

        var page = (await Hub.GetAsync($"/v1/deliveries?account_id={account}&limit=1")).Json;
        Assert.Equal((string[])[delivered], await ListAsync($"account_id={account}&limit=1&after={page.GetProperty("next").GetString()}"));
        Assert.Equal(400, (await Hub.GetAsync("/v1/deliveries?state=lost")).Status);
    }

    private async Task<(string Account, string Path)> AddAsync()
    {
        var account = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAccountAsync(account);
        await Hub.AddWebhookAsync(account, fixture.Server);
        return (account, $"/{account}");
    }

    /// <summary>Pays an account.</summary>
    /// <returns>The id of the delivery that this makes.</returns>
    private async Task<string> PayAsync(string account)
    {
        var paid = await Hub.PayAsync("psp", HubFixture.Fresh(), account);
        Assert.True(paid.Status == 201, paid.ToString());
        return Assert.Single(await ListAsync($"payment_id={paid.Text("id")}"));
    }

    private async Task<string> SeeAsync(string delivery, string state)
    {
        HubAnswer? found = null;
        await Eventually.TrueAsync(
            async () => (found = await Hub.GetAsync($"/v1/deliveries/{delivery}")).Text("state") == state, () => $"{state}: {found}");
        return $"{state} {found!.Json.GetProperty("attempts").GetInt32()} {found.Json.GetProperty("last_status").GetInt32()}";
    }

    private async Task<string[]> ListAsync(string query) =>
        [.. (await Hub.GetAsync($"/v1/deliveries?{query}")).Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
}
