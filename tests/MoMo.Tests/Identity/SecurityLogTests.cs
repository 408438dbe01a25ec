using MoMo.Tests.Api;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Identity;

/// <summary>Who asks for what is not theirs is logged: who, for what, of whom; and nothing of a customer.</summary>
public sealed class SecurityLogTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_log_names_the_key_and_the_account_and_no_customer()
    {
        using var folder = new TestFolder();
        await using var silo = new SiloProcess(output, folder.Path, await PostgresFixture.CreateDatabaseAsync());
        await silo.StartAsync();
        foreach (var account in (string[])["mine", "theirs"]) await silo.Hub.AddAccountAsync(account);
        using var mine = new HubClient(silo.Hub.Url, await silo.Hub.AddKeyAsync("account:mine"));

        Assert.Equal(404, (await mine.GetAsync("/v1/accounts/theirs/references/254700000001")).Status);
        Assert.Equal(404, (await mine.GetAsync("/v1/accounts/x%0D%0AForged%20line/references/254700000001")).Status);
        Assert.Equal(403, (await mine.GetAsync("/v1/messages/254700000001/content")).Status);

        await Eventually.TrueAsync(() => silo.Log.Contains("may not", StringComparison.Ordinal), () => "the log");
        var said = silo.Log.Split('\n').Where(line => line.Contains("Security:", StringComparison.Ordinal)).ToArray();
        Assert.EndsWith("Security: key account:mine asked for GET /v1/accounts/{account}/references/{reference} of account theirs, which is another's.", said[0].TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith("of account x  forged line, which is another's.", said[1].TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith("Security: key account:mine may not GET /v1/messages/{sha256}/content.", said[2].TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("254700000001", silo.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_tries_ids_of_what_is_anothers_is_told_that_it_is_not_there_and_the_log_tells_who()
    {
        using var folder = new TestFolder();
        await using var silo = new SiloProcess(output, folder.Path, await PostgresFixture.CreateDatabaseAsync());
        await silo.StartAsync();
        await silo.Hub.AddPspAsync("psp");
        foreach (var adapter in (string[])["own", "foreign"]) await silo.Hub.AddAdapterAsync(adapter, "psp", "json");
        foreach (var account in (string[])["mine", "theirs"]) await silo.Hub.AddAccountAsync(account);
        Assert.Equal(201, (await silo.Hub.PostAsync("/v1/accounts/theirs/destinations", new { id = "hook", url = "https://theirs.example/hook" })).Status);
        var payment = (await silo.Hub.PayAsync("psp", "r1", "theirs")).Text("id");
        var delivery = (await silo.Hub.GetAsync("/v1/deliveries?account_id=theirs")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var replay = (await silo.Hub.PostAsync("/v1/deliveries/replay", new { accountId = "theirs", state = "dead" })).Text("id");
        using var mine = new HubClient(silo.Hub.Url, await silo.Hub.AddKeyAsync("account:mine"));
        using var own = new HubClient(silo.Hub.Url, await silo.Hub.AddKeyAsync("adapter:own"));

        (HubAnswer Answer, string Code, string Line)[] tried =
        [
            (await mine.GetAsync($"/v1/payments/{payment}"), "payment-unknown", $"account:mine asked for GET /v1/payments/{{id}} of payment {payment}"),
            (await mine.GetAsync($"/v1/payments/{payment}/proof"), "payment-unknown", $"account:mine asked for GET /v1/payments/{{id}}/proof of payment {payment}"),
            (await mine.GetAsync($"/v1/deliveries/{delivery}"), "delivery-unknown", $"account:mine asked for GET /v1/deliveries/{{id}} of delivery {delivery}"),
            (await mine.PostAsync($"/v1/deliveries/{delivery}/retry", ""), "delivery-unknown", $"account:mine asked for POST /v1/deliveries/{{id}}/retry of delivery {delivery}"),
            (await mine.GetAsync($"/v1/deliveries/replays/{replay}"), "replay-unknown", $"account:mine asked for GET /v1/deliveries/replays/{{id}} of replay {replay}"),
            (await mine.GetAsync("/v1/payments?account_id=theirs"), "account-unknown", "account:mine asked for GET /v1/payments/ of account theirs"),
            (await mine.GetAsync($"/v1/deliveries?payment_id={payment}"), "payment-unknown", $"account:mine asked for GET /v1/deliveries/ of payment {payment}"),
            (await own.PostAsync("/v1/adapters/foreign/heartbeat", "{}"), "adapter-unknown", "adapter:own asked for POST /v1/adapters/{adapter}/heartbeat of adapter foreign"),
            (await own.PostAsync("/v1/adapters/foreign/status-questions", new { reference = "x" }), "adapter-unknown", "adapter:own asked for POST /v1/adapters/{adapter}/status-questions/ of adapter foreign"),
            (await own.SendFileAsync("foreign", [1]), "adapter-unknown", "adapter:own asked for POST /v1/adapters/{adapter}/files of adapter foreign"),
        ];
        foreach (var (answer, code, line) in tried)
        {
            Assert.True((answer.Status, answer.Text("code")) == (404, code), $"{line}: {answer}");
            await Eventually.TrueAsync(() => silo.Log.Contains($"Security: key {line}, which is another's.", StringComparison.Ordinal), () => $"{line} in\n{silo.Log}");
        }
    }
}
