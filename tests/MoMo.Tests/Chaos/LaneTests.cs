using MoMo.Tests.Support;

namespace MoMo.Tests.Chaos;

/// <summary>Laws 4 and 8 on the way out: one account's trouble delays nobody else, and nobody is told before the commit.</summary>
[Collection(nameof(Chaos))]
public sealed class LaneTests
{
    private const int Accounts = 50;

    [Fact]
    public async Task Neither_a_dead_account_nor_a_slow_one_delays_another()
    {
        const int rounds = 3;
        using var answers = new SemaphoreSlim(0);
        await using var server = await AccountServer.StartAsync();
        await using var silo = await SiloHost.StartAsync(null, ("MoMo:Webhooks:Timeout", "00:01:00"), ("MoMo:Deliveries:Grace", "00:00:00"));
        await silo.Hub.AddPspAsync("psp");
        for (var account = 0; account < Accounts; account++)
        {
            await silo.Hub.AddAccountAsync($"a{account}");
            await silo.Hub.AddWebhookAsync($"a{account}", server);
        }

        // The one never answers; the other takes each webhook, and says so when it is let.
        server.Hang("/a0");
        server.Behave("/a1", http => answers.WaitAsync(http.RequestAborted));
        for (var number = 0; number < 20; number++)
        {
            Assert.Equal(201, (await silo.Hub.PayAsync("psp", $"D{number}", "a0")).Status);
            Assert.Equal(201, (await silo.Hub.PayAsync("psp", $"S{number}", "a1")).Status);
        }

        await Eventually.TrueAsync(() => server.Hanging > 0, () => "the dead account to be called");
        await server.HasAsync(webhook => webhook.Account == "a1", "the slow account's first");
        for (var round = 0; round < rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Accounts).Select(async number =>
                Assert.Equal(201, (await silo.Hub.PayAsync("psp", $"R{round}-{number}", $"a{number}")).Status)));
            await Eventually.TrueAsync(
                async () => await CountAsync(silo, "account_id NOT IN ('a0', 'a1') AND state <> 'delivered'") == 0,
                () => $"the others' deliveries; {server.Received.Count} came");
            Assert.True(server.Hanging > 0, "The dead account was let go before the others were served.");
            Assert.Equal(round, await CountAsync(silo, "account_id = 'a1' AND state = 'delivered'"));
            answers.Release();
            await Eventually.TrueAsync(
                async () => await CountAsync(silo, "account_id = 'a1' AND state = 'delivered'") == round + 1, () => "the slow account's next");
        }

        Assert.Equal(
            rounds * (Accounts - 2), server.Received.Where(webhook => webhook.Account is not ("a0" or "a1")).Select(webhook => webhook.Payment).Distinct().Count());
        answers.Release(20);
        await Eventually.TrueAsync(
            async () => await CountAsync(silo, "account_id = 'a1' AND state = 'delivered'") == 20 + rounds, () => "all that is the slow account's");
        Assert.Equal(20 + rounds, await CountAsync(silo, "account_id = 'a0' AND state = 'pending' AND attempts = 0"));
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

    private static Task<long> CountAsync(SiloHost silo, string condition) =>
        Sql.AskAsync<long>(silo.Database.AppConnectionString, $"SELECT count(*) FROM deliveries WHERE {condition}");
}
