using MoMo.Tests.Support;

namespace MoMo.Tests.Chaos;

/// <summary>Laws 4 and 8 on the way out: one account's trouble delays nobody else, and nobody is told before the commit.</summary>
[Collection(nameof(Chaos))]
public sealed class LaneTests
{
    private const int Accounts = 50;

    [Fact]
    public async Task A_dead_account_delays_no_other()
    {
        await using var server = await AccountServer.StartAsync();
        await using var silo = await SiloHost.StartAsync(null, ("MoMo:Webhooks:Timeout", "00:01:00"), ("MoMo:Deliveries:Grace", "00:00:00"));
        await silo.Hub.AddPspAsync("psp");
        for (var account = 0; account < Accounts; account++)
        {
            await silo.Hub.AddAccountAsync($"a{account}");
            await silo.Hub.AddWebhookAsync($"a{account}", server);
        }

        server.Hang("/a0");
        for (var number = 0; number < 20; number++) Assert.Equal(201, (await silo.Hub.PayAsync("psp", $"D{number}", "a0")).Status);
        await Eventually.TrueAsync(() => server.Hanging > 0, () => "the dead account to be called");
        await Task.WhenAll(Enumerable.Range(0, 3 * Accounts).Select(async number =>
            Assert.Equal(201, (await silo.Hub.PayAsync("psp", $"R{number}", $"a{number % Accounts}")).Status)));

        await Eventually.TrueAsync(
            async () => await Sql.AskAsync<long>(silo.Database.AppConnectionString, "SELECT count(*) FROM deliveries WHERE account_id <> 'a0' AND state <> 'delivered'") == 0,
            () => $"the others' deliveries; {server.Received.Count} came");
        Assert.True(server.Hanging > 0, "The dead account was let go before the others were served.");
        Assert.Equal(3 * (Accounts - 1), server.Received.Where(webhook => webhook.Account != "a0").Select(webhook => webhook.Payment).Distinct().Count());
        Assert.Equal(23L, await Sql.AskAsync<long>(
            silo.Database.AppConnectionString, "SELECT count(*) FROM deliveries WHERE account_id = 'a0' AND state = 'pending' AND attempts = 0"));
        Assert.Empty(server.Faults);
    }

    [Fact]
    public async Task A_webhook_is_never_sent_before_its_commit()
    {
        await using var server = await AccountServer.StartAsync();
        await using var silo = await SiloHost.StartAsync();
        await silo.Hub.AddPspAsync("psp");
        await silo.Hub.AddAccountAsync("a0");
        await silo.Hub.AddWebhookAsync("a0", server);
        server.Look = async webhook => Assert.Equal(webhook.Sequence, await Sql.AskAsync<long>(
            silo.Database.AppConnectionString, $"SELECT sequence FROM payments WHERE id = '{webhook.Payment}'"));

        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => silo.Hub.PayAsync("psp", $"R{number}", "a0")));
        await Eventually.TrueAsync(() => server.Received.Count >= 200, () => $"200 webhooks; {server.Received.Count} came");
        Assert.Empty(server.Faults);
    }
}
