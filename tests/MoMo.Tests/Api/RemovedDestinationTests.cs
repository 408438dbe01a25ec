using System.Text.Json;
using MoMo.Tests.Cli;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Api;

/// <summary>Where a payment was delivered stays known when the destination is gone.</summary>
public sealed class RemovedDestinationTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_delivery_names_its_destination_after_that_was_removed_and_made_again()
    {
        var account = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAccountAsync(account);
        await Hub.AddWebhookAsync(account, fixture.Server);
        var first = await DeliverAsync(account);
        Assert.Equal("hook False", Destination((await Hub.GetAsync($"/v1/deliveries/{first}")).Json));

        Assert.Equal(204, (await Hub.SendAsync(HttpMethod.Delete, $"/v1/accounts/{account}/destinations/hook", null)).Status);
        Assert.Equal("hook True", Destination((await Hub.GetAsync($"/v1/deliveries/{first}")).Json));
        var again = await Hub.SendAsync(HttpMethod.Post, $"/v1/deliveries/{first}/retry", null);
        Assert.Equal((409, "destination-gone"), (again.Status, again.Text("code")));

        await Hub.AddWebhookAsync(account, fixture.Server);
        var second = await DeliverAsync(account);
        foreach (var query in (string[])[$"account_id={account}", $"account_id={account}&from=2026-01-01T00:00:00Z", $"account_id={account}&destination=hook"])
        {
            var listed = (await Hub.GetAsync($"/v1/deliveries?{query}")).Json.GetProperty("items").EnumerateArray();
            Assert.Equal(
                (string[])[$"{second} hook False", $"{first} hook True"], listed.Select(one => $"{one.GetProperty("id").GetString()} {Destination(one)}"));
        }

        var list = await CliRun.Of($"deliveries|list|--account|{account}|--url|{Hub.Url}|--key|{fixture.Silo.Key}");
        Assert.Contains("hook (removed)", Assert.Single(list.Out.Split('\n'), line => line.StartsWith(first, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("(removed)", Assert.Single(list.Out.Split('\n'), line => line.StartsWith(second, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_removed_before_ids_were_kept_is_removed_without_one()
    {
        var account = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAccountAsync(account);
        await Hub.AddWebhookAsync(account, fixture.Server);
        var delivery = await DeliverAsync(account);
        Assert.Equal(204, (await Hub.SendAsync(HttpMethod.Delete, $"/v1/accounts/{account}/destinations/hook", null)).Status);
        foreach (var connection in (string[])[fixture.ConnectionString, fixture.Silo.Database.OwnerConnectionString])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => Sql.DoAsync(connection, $"UPDATE removed_destinations SET id = 'other' WHERE account_id = '{account}'"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }

        await Sql.DoAsync(fixture.Silo.Database.OwnerConnectionString, $"""
            ALTER TABLE removed_destinations DISABLE TRIGGER removed_destinations_kept;
            DELETE FROM removed_destinations WHERE account_id = '{account}';
            ALTER TABLE removed_destinations ENABLE TRIGGER removed_destinations_kept;
            """);
        Assert.Equal("(removed) True", Destination((await Hub.GetAsync($"/v1/deliveries/{delivery}")).Json));
    }

    private static string Destination(JsonElement delivery) =>
        $"{delivery.GetProperty("destination_id").GetString()} {delivery.GetProperty("destination_removed").GetBoolean()}";

    /// <summary>Pays an account, and waits until it is told.</summary>
    /// <returns>The id of the delivery.</returns>
    private async Task<string> DeliverAsync(string account)
    {
        var paid = await Hub.PayAsync("psp", HubFixture.Fresh(), account);
        var query = $"/v1/deliveries?payment_id={paid.Text("id")}&state=delivered";
        JsonElement[] found = [];
        await Eventually.TrueAsync(
            async () => (found = [.. (await Hub.GetAsync(query)).Json.GetProperty("items").EnumerateArray()]).Length == 1, () => "the delivery");
        return found[0].GetProperty("id").GetString()!;
    }
}
