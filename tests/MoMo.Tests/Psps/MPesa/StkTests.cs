using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.MPesa;

/// <summary>An STK callback names no account: it is found by the id of the push, in each of the ways that docs/MPESA.md tells.</summary>
public sealed class StkTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task Without_anybody_who_knows_the_push_it_waits_in_suspense()
    {
        var (adapter, path) = await AddAsync();
        await CallAsync(path, "STK1", "ws_CO_1");
        var payment = await PaymentAsync(adapter);
        Assert.Equal(("suspense", "ws_CO_1"), (payment.GetProperty("status").GetString(), payment.GetProperty("reference_id").GetString()));
        Assert.Equal(
            """{"checkout_request_id":"ws_CO_1","merchant_request_id":"29115-1"}""", JsonSerializer.Serialize(payment.GetProperty("metadata")));
    }

    [Fact]
    public async Task An_account_that_registered_the_push_gets_it()
    {
        var (adapter, path) = await AddAsync();
        await fixture.Hub.AddReferenceAsync("beta", "ws_CO_191220191020363925");
        await CallAsync(path, "STK2", "ws_CO_191220191020363925");
        Assert.Equal("beta", (await PaymentAsync(adapter)).GetProperty("account_id").GetString());
        // Daraja calls again: the same payment.
        await CallAsync(path, "STK2", "ws_CO_191220191020363925");
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        Assert.Equal(0, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}'"));
    }

    [Fact]
    public async Task An_account_that_is_asked_and_knows_the_push_gets_it()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var shop = builder.Build();
        shop.Urls.Add("http://127.0.0.1:0");
        shop.MapGet("/mine", (string reference_id) => reference_id == "ws_CO_mine" ? Results.Ok() : Results.NotFound());
        await shop.StartAsync();
        await fixture.Hub.AddAccountAsync("pusher", $"{shop.Urls.Single()}/mine");
        var (adapter, path) = await AddAsync();
        await CallAsync(path, "STK3", "ws_CO_mine");
        Assert.Equal("pusher", (await PaymentAsync(adapter)).GetProperty("account_id").GetString());
        await CallAsync(path, "STK4", "ws_CO_other");
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}' AND account_id IS NULL AND reference_id = 'ws_CO_other'"));
    }

    [Fact]
    public async Task All_pushes_of_an_adapter_can_be_one_accounts()
    {
        var (adapter, path) = await AddAsync(rules: [new { rule = "pattern", pattern = "^ws_CO_", account = "acme" }]);
        await CallAsync(path, "STK5", "ws_CO_5");
        Assert.Equal("acme", (await PaymentAsync(adapter)).GetProperty("account_id").GetString());
    }

    [Theory]
    [InlineData("merchant_request_id", "29115-1")]
    [InlineData("none", null)]
    public async Task Which_id_is_the_reference_can_be_said(string setting, string? expected)
    {
        var (adapter, path) = await AddAsync(setting);
        await CallAsync(path, "STK6", "ws_CO_6");
        var payment = await PaymentAsync(adapter);
        Assert.Equal(expected, payment.TryGetProperty("reference_id", out var reference) ? reference.GetString() : null);
        var refused = await fixture.Hub.PostAsync(
            "/v1/adapters", new { id = "stk-x", name = "x", psp = "psp", format = "mpesa-c2b", settings = new { stk_reference = "phone" } });
        Assert.Contains("settings.stk_reference", refused.Fields);
    }

    private async Task<(string Adapter, string Path)> AddAsync(string? reference = null, object[]? rules = null)
    {
        var id = $"stk-{HubFixture.Fresh().ToLowerInvariant()}";
        await fixture.Hub.AddPspAsync(id);
        var settings = new Dictionary<string, object> { ["addresses"] = new[] { "127.0.0.0/8", "::1" } };
        if (reference is not null) settings["stk_reference"] = reference;
        return (id, (await fixture.Hub.AddAdapterAsync(id, id, "mpesa-c2b", settings, rules)).GetProperty("callback_path").GetString()!);
    }

    private async Task CallAsync(string path, string receipt, string checkout)
    {
        using var daraja = fixture.Silo.As(null);
        var answer = await daraja.PostAsync(path, $$$$"""
            {"Body":{"stkCallback":{"MerchantRequestID":"29115-1","CheckoutRequestID":"{{{{checkout}}}}","ResultCode":0,"ResultDesc":"ok","CallbackMetadata":{"Item":[
             {"Name":"Amount","Value":1.00},{"Name":"MpesaReceiptNumber","Value":"{{{{receipt}}}}"},{"Name":"Balance"},
             {"Name":"TransactionDate","Value":20260314151617},{"Name":"PhoneNumber","Value":254708374149}]} } } }
            """);
        Assert.True(answer.Status == 200 && answer.Json.GetProperty("ResultCode").GetInt32() == 0, answer.ToString());
    }

    private async Task<JsonElement> PaymentAsync(string psp) => (await fixture.Hub.GetAsync($"/v1/payments?psp={psp}")).Json.GetProperty("items")[0];
}
