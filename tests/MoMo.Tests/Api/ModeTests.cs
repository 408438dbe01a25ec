using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MoMo.Tests.Psps.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Test money never reaches a live account, nor live money a test account.</summary>
public sealed class ModeTests(HubFixture fixture) : IClassFixture<HubFixture>, IAsyncLifetime
{
    private HubClient Hub => fixture.Hub;

    public async Task InitializeAsync()
    {
        if ((await Hub.GetAsync("/v1/accounts/sandbox")).Status == 200) return;
        Assert.Equal(201, (await Hub.PostAsync("/v1/accounts", new { id = "sandbox", name = "Sandbox", mode = "test" })).Status);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("test", "test", "sandbox", "sandbox")]
    [InlineData("test", "test", "acme", "suspense")]
    [InlineData("live", "live", "acme", "acme")]
    [InlineData("live", "live", "sandbox", "suspense")]
    [InlineData("live", "test", "acme", "test-mode")]
    [InlineData("live", "test", "sandbox", "test-mode")]
    [InlineData("test", "live", "acme", "mode-differs")]
    [InlineData("test", "live", "sandbox", "mode-differs")]
    public async Task Money_reaches_accounts_of_its_own_mode_only(string adapter, string domain, string account, string expected)
    {
        var id = await AddAsync(adapter);
        var body = Body(HubFixture.Fresh(), domain, account);
        var answer = await PostAsync(id, body);
        Assert.Equal(expected == "mode-differs" ? 400 : 200, answer.Status);
        var (payment, message) = await FindAsync(id.Id);
        Assert.Equal(expected, payment ?? message);
        if (payment == "suspense") Assert.Contains("never meet", (await PaymentAsync(id.Id)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_payment_does_not_claim_the_reference_of_a_live_one()
    {
        var test = await AddAsync("test");
        var live = await AddAsync("live", test.Psp);
        var reference = HubFixture.Fresh();
        Assert.Equal(200, (await PostAsync(test, Body(reference, "test", "sandbox", 999))).Status);
        Assert.Equal(200, (await PostAsync(live, Body(reference, "live", "acme"))).Status);
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{live.Psp}' AND psp_reference = '{reference}' AND account_id = 'acme'"));
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{live.Psp}' AND psp_reference = 'test:{reference}' AND account_id = 'sandbox'"));
    }

    [Theory]
    [InlineData("live", "acme")]
    [InlineData("test", "sandbox")]
    public async Task References_and_lookups_of_the_other_mode_count_for_nothing(string mode, string account)
    {
        var (adapter, registered, asked) = (await AddAsync(mode), HubFixture.Fresh(), HubFixture.Fresh());
        foreach (var each in (string[])["acme", "sandbox"])
        {
            Assert.Equal(201, (await Hub.PostAsync($"/v1/accounts/{each}/references", new { id = registered })).Status);
            fixture.Server.Know($"/lookup/{each}/{asked}", asked);
            var url = fixture.Server.UrlOf($"/lookup/{each}/{asked}").ToString();
            Assert.Equal(200, (await Hub.PutAsync($"/v1/accounts/{each}", new { name = each, lookup_url = url })).Status);
        }

        foreach (var (reference, rule) in new[] { (registered, "reference"), (asked, "lookup") })
        {
            var answer = await Hub.PostAsync("/v1/routing/dry-run", new { adapter = adapter.Id, reference_id = reference });
            Assert.True(answer.Text("account_id") == account, answer.ToString());
            Assert.Equal(rule, answer.Json.GetProperty("decision").EnumerateArray().Last().GetProperty("rule").GetString());
        }

        foreach (var each in (string[])["acme", "sandbox"]) Assert.Equal(200, (await Hub.PutAsync($"/v1/accounts/{each}", new { name = each })).Status);
    }

    [Fact]
    public async Task Live_money_by_the_name_of_test_money_is_refused_and_kept_as_proof()
    {
        var test = await AddAsync("test");
        var reference = HubFixture.Fresh();
        Assert.Equal(200, (await PostAsync(test, Body(reference, "test", "sandbox"))).Status);

        var refused = await Hub.PayAsync(test.Psp, $"test:{reference}", "acme");
        Assert.Equal((422, "payment-malformed"), (refused.Status, refused.Text("code")));
        Assert.True(refused.Json.GetProperty("errors").TryGetProperty("psp_reference", out _), refused.ToString());
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE psp_id = '{test.Psp}' AND why = 'payment-malformed'"));
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{test.Psp}' AND psp_reference = 'test:{reference}'"));
    }

    [Fact]
    public async Task Nobody_assigns_test_money_to_a_live_account()
    {
        var id = await AddAsync("test");
        await PostAsync(id, Body(HubFixture.Fresh(), "test", "acme"));
        var payment = (await PaymentAsync(id.Id)).GetProperty("id").GetString();
        var wrong = await Hub.PostAsync($"/v1/suspense/{payment}/assign", new { accountId = "acme", reason = "looks right" });
        Assert.Equal((422, "mode-differs"), (wrong.Status, wrong.Text("code")));
        Assert.InRange((await Hub.PostAsync($"/v1/suspense/{payment}/assign", new { accountId = "sandbox", reason = "it is a test" })).Status, 200, 201);
    }

    [Fact]
    public async Task A_mode_is_shown_and_never_changed()
    {
        var id = await AddAsync("test");
        var adapter = (await Hub.GetAsync($"/v1/adapters/{id.Id}")).Json;
        Assert.Equal("test", adapter.GetProperty("mode").GetString());
        var wrong = await Hub.PutAsync($"/v1/adapters/{id.Id}", new { name = id.Id, psp = id.Psp, format = "paystack", mode = "live" });
        Assert.Equal("mode-fixed", wrong.Text("code"));
        Assert.Equal("mode-fixed", (await Hub.PutAsync("/v1/accounts/sandbox", new { name = "Sandbox", mode = "live" })).Text("code"));
        Assert.Equal("test", (await Hub.PutAsync("/v1/accounts/sandbox", new { name = "Sandbox" })).Text("mode"));
        Assert.Equal("mode-unknown", (await Hub.PostAsync("/v1/accounts", new { id = "m", name = "M", mode = "both" })).Text("code"));
        // The database itself refuses it.
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Sql.DoAsync(fixture.ConnectionString, "UPDATE accounts SET mode = 'live' WHERE id = 'sandbox'"));
    }

    [Fact]
    public async Task Test_money_whose_adapter_is_deleted_while_it_comes_in_does_not_become_live()
    {
        var callee = await AddAsync("test");
        var body = Body(HubFixture.Fresh(), "test", "acme");
        using var socket = new TcpClient();
        await socket.ConnectAsync(Hub.Url.Host, Hub.Url.Port);
        await using var wire = socket.GetStream();
        using var answers = new StreamReader(wire);
        await wire.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {callee.Path} HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n"
            + $"x-paystack-signature: {Hmac.Hex512("sk", body)}\r\nConnection: close\r\n\r\n"));
        Assert.Contains("100 Continue", await answers.ReadLineAsync(), StringComparison.Ordinal); // it was let in, and the body is read

        Assert.Equal(204, (await Hub.SendAsync(HttpMethod.Delete, $"/v1/adapters/{callee.Id}", null)).Status);
        await Eventually.TrueAsync(
            async () => (await Hub.PostAsync("/v1/routing/dry-run", new { adapter = callee.Id, account_id = "acme" })).Status == 422, () => "the adapter is known");
        await wire.WriteAsync(Encoding.ASCII.GetBytes(body));
        Assert.DoesNotContain(" 200 ", await answers.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{callee.Psp}'"));
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{callee.Id}' AND why = 'adapter-unknown'"));
    }

    private async Task<Callee> AddAsync(string mode, string? psp = null)
    {
        var id = $"m-{HubFixture.Fresh().ToLowerInvariant()}";
        if (psp is null) await Hub.AddPspAsync(id);
        var made = await Hub.PostAsync("/v1/adapters", new
        {
            id, name = id, psp = psp ?? id, format = "paystack", mode, credentials = new Dictionary<string, string> { ["secret_key"] = "sk" },
        });
        Assert.True(made.Status == 201, made.ToString());
        return new Callee(id, psp ?? id, made.Text("callback_path")!);
    }

    private static string Body(string reference, string domain, string account, int amount = 1_250) => $$$"""
        {"event":"charge.success","data":{"domain":"{{{domain}}}","status":"success","reference":"{{{reference}}}","amount":{{{amount}}},"currency":"NGN",
         "paid_at":"2026-03-14T12:16:17.000Z","metadata":{"account_id":"{{{account}}}"} } }
        """;

    private async Task<HubAnswer> PostAsync(Callee adapter, string body)
    {
        using var stranger = fixture.Silo.As(null);
        using var content = HubClient.Json(body);
        content.Headers.TryAddWithoutValidation("x-paystack-signature", Hmac.Hex512("sk", body));
        return await stranger.SendAsync(HttpMethod.Post, adapter.Path, content);
    }

    private async Task<(string? Payment, string? Message)> FindAsync(string adapter)
    {
        if (await fixture.CountAsync($"payments WHERE adapter_id = '{adapter}'") == 0)
            return (null, await Sql.AskAsync<string>(fixture.ConnectionString,
                $"SELECT coalesce(max(n.kind), max(m.why)) FROM kept_messages m LEFT JOIN message_notices n USING (sha256) WHERE m.adapter_id = '{adapter}'"));
        return (await Sql.AskAsync<string>(fixture.ConnectionString, $"SELECT coalesce(account_id, 'suspense') FROM payments WHERE adapter_id = '{adapter}'"), null);
    }

    private async Task<JsonElement> PaymentAsync(string adapter)
    {
        var id = await Sql.AskAsync<Guid>(fixture.ConnectionString, $"SELECT id FROM payments WHERE adapter_id = '{adapter}'");
        return (await Hub.GetAsync($"/v1/payments/{id}")).Json;
    }

    private sealed record Callee(string Id, string Psp, string Path);
}
