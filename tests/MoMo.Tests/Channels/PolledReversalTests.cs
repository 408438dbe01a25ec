using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.JsonList;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>Refunds that a PSP tells in its list of transactions only, as Wave does.</summary>
public sealed class PolledReversalTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    /// <summary>As Wave answers <c>GET /v1/transactions</c>: a refund has the id of its payment, and a minus.</summary>
    private const string Answer =
        """
        {"page_info":{"start_cursor":null,"end_cursor":null,"has_next_page":false},"date":"2026-03-14","items":[
         {"timestamp":"2026-03-14T14:41:15Z","transaction_id":"ID-1","transaction_type":"merchant_payment","amount":"990","fee":"10","currency":"XOF","is_reversal":false},
         {"timestamp":"2026-03-14T15:02:00Z","transaction_id":"ID-1","transaction_type":"merchant_payment_refund","amount":"-990","fee":"-10","currency":"XOF","is_reversal":true},
         {"timestamp":"2026-03-14T15:03:00Z","transaction_id":"ID-2","transaction_type":"api_checkout_refund","amount":"-500","fee":"0","currency":"XOF","is_reversal":true}
        ]}
        """;

    private static readonly object Format = new
    {
        items = "items",
        fields = new { psp_reference = "transaction_id", paid_at = "timestamp" },
        only = new { is_reversal = "told by webhooks" },
        reversals = new { when = new { is_reversal = "true" }, original = "transaction_id" },
    };

    [Fact]
    public async Task A_refund_of_the_list_takes_the_payment_of_the_webhook_back_once()
    {
        await using var api = await PolledApi.StartAsync();
        var adapter = await fixture.AddAdapterAsync("json-list", Format);
        var paid = await fixture.Hub.PostAsync(
            "/v1/payments", new { psp = adapter, pspReference = $"{adapter}-1", accountId = "acme", amount = "990", currency = "XOF" });
        Assert.True(paid.Status == 201, paid.ToString());
        api.Instead = _ => Results.Text(Answer.Replace("ID-", $"{adapter}-", StringComparison.Ordinal), "application/json");
        await fixture.SetAsync(adapter, "poll", new { url = $"{api.Url}/tx?from={{from}}&to={{to}}", time_form = "date", interval_seconds = 5 });
        await fixture.TakenAsync(adapter, 1);
        await fixture.AnotherLookAsync(adapter);

        var reversals = (await fixture.Hub.GetAsync($"/v1/reversals?psp={adapter}")).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(
            [($"{adapter}-1", "accepted", "990"), ($"{adapter}-2", "orphaned", "500")],
            reversals.Select(one => (one.GetProperty("original_reference").GetString(), one.GetProperty("status").GetString(), one.GetProperty("amount").GetString())).Order());
        Assert.Equal("990", (await fixture.Hub.GetAsync($"/v1/payments/{paid.Text("id")}")).Text("reversed"));
        Assert.Equal(1, await fixture.PaymentsAsync(adapter));
    }

    [Theory]
    [InlineData("""{"psp_reference":"1","amount":"-12.5","currency":"KES","back":"true","of":"0"}""", "KES 12.50 of 0")]
    [InlineData("""{"psp_reference":"1","amount":12.5,"currency":"KES","back":true,"of":7}""", "KES 12.50 of 7")]
    [InlineData("""{"psp_reference":"1","amount":"12.5","currency":"KES","back":"true"}""", "KES 12.50 of ")]
    [InlineData("""{"psp_reference":"1","amount":"--12.5","currency":"KES","back":"true","of":"0"}""", "amount-not-positive")]
    [InlineData("""{"amount":"12.5","currency":"KES","back":"true","of":"0"}""", "psp-reference-missing")]
    [InlineData("""{"psp_reference":"1","amount":"-12.5","currency":"KES","back":"false","of":"0"}""", "amount-not-positive")]
    public async Task An_item_that_says_so_is_a_reversal(string item, string expected)
    {
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"[{item}]"));
        var source = new StatementSource("psp", "adapter", JsonElement.Parse("""{"reversals":{"when":{"back":"true"},"original":"of"}}"""));
        var entry = Assert.Single(await new JsonListFormat().ReadAsync(file, source, CancellationToken.None).ToListAsync());
        Assert.Equal(expected, entry is ReversalEntry back ? $"{back.Amount} of {back.OriginalReference}" : Assert.IsType<FaultEntry>(entry).Code);
    }

    [Fact]
    public async Task A_list_whose_reversals_can_not_be_told_is_not_configured()
    {
        var adapter = await fixture.AddAdapterAsync("json-list", Format);
        var seen = (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Json;
        var refused = await fixture.Hub.PutAsync(
            $"/v1/adapters/{adapter}",
            new { name = seen.GetProperty("name").GetString(), psp = adapter, format = "json-list", settings = new { reversals = new { when = new { }, orginal = "x" } } });
        Assert.Equal(422, refused.Status);
        Assert.Equal(["reversals.orginal", "reversals.original", "reversals.when"], refused.Fields);
    }
}
