using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MoMo.Cli;
using MoMo.Tests.Client;
using MoMo.Tests.Support;

namespace MoMo.Tests.Cli;

public sealed class ReversalsVerbTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const string Reversal =
        """
        {"id":"v1","status":"orphaned","psp":"cards","psp_reference":"R1","original_reference":"ch_1","amount":"2.50","currency":"USD",
        "received_at":"2026-01-31T12:00:00Z","proof_sha256":"00"}
        """;

    [Fact]
    public async Task Filters_go_to_the_hub_and_a_reversal_without_a_payment_shows_what_the_psp_called_it()
    {
        await using var hub = await FakeHub.StartAsync(200, $$"""{"items":[{{Reversal}}]}""");

        var run = await CliRun.Of(hub, "reversals|list|--account|acme|--payment|p1|--psp|cards|--status|orphaned|--limit|2");

        Assert.Equal(
            """
            id  status      amount  account  number  payment  psp    psp_reference  received_at
            v1  orphaned  2.50 USD                   ch_1     cards  R1             2026-01-31 12:00:00Z

            """.ReplaceLineEndings("\n"),
            run.Out);
        Assert.Equal(["GET /v1/reversals?account_id=acme&payment_id=p1&psp=cards&status=orphaned&limit=3"], hub.Requests);
    }

    [Fact]
    public async Task A_payment_tells_of_its_reversals_and_they_can_be_listed_and_shown()
    {
        var hub = fixture.Hub;
        await hub.AddPspAsync("paystack");
        var made = await hub.PostAsync(
            "/v1/adapters", """{"id":"paystack","name":"Paystack","psp":"paystack","format":"paystack","credentials":{"secret_key":"s1"}}""");
        Assert.True(made.Status == 201, made.ToString());
        var reference = HubFixture.Fresh();
        var payment = (await hub.PayAsync("paystack", reference, "acme", "10.00")).Text("id");
        var body = $$"""
            {"event":"refund.processed","data":{"domain":"live","transaction_reference":"{{reference}}","refund_reference":"B1","amount":"400","currency":"KES"} }
            """;
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        content.Headers.Add("x-paystack-signature", Convert.ToHexStringLower(HMACSHA512.HashData("s1"u8, Encoding.UTF8.GetBytes(body))));
        Assert.Equal(200, (await hub.SendAsync(HttpMethod.Post, made.Text("callback_path")!, content)).Status);

        var paid = await MomoAsync($"payments|show|{payment}");
        Assert.Contains("reversed       4.00\n", paid.Out, StringComparison.Ordinal);
        Assert.Contains("reversals      id: ", paid.Out, StringComparison.Ordinal);
        var listed = await MomoAsync($"reversals|list|--payment|{payment}|--status|accepted|--json");
        Assert.Equal((ExitCode.Done, ""), (listed.ExitCode, listed.Error));
        var id = JsonDocument.Parse(listed.Out).RootElement.GetProperty("id").GetString();
        var shown = await MomoAsync($"reversals|show|{id}");
        Assert.Contains("psp_reference       B1\n", shown.Out, StringComparison.Ordinal);
        Assert.Equal("none\n", (await MomoAsync("reversals|list|--status|held")).Out);
        var unknown = await MomoAsync("reversals|show|nothing");
        Assert.Equal(ExitCode.Failed, unknown.ExitCode);
        Assert.Contains("(reversal-unknown)", unknown.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> MomoAsync(string args) => CliRun.Of($"{args}|--url|{fixture.Hub.Url}|--key|{fixture.Silo.Key}");
}
