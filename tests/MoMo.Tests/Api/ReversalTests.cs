using System.Security.Cryptography;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What PSPs took back, from the message or file that says so to the account's webhook.</summary>
public sealed class ReversalTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_refund_by_callback_is_taken_shown_and_told()
    {
        await Hub.AddPspAsync("paystack");
        var made = await Hub.PostAsync(
            "/v1/adapters",
            """{"id":"paystack","name":"Paystack","psp":"paystack","format":"paystack","settings":{"addresses":["127.0.0.0/8"]},"credentials":{"secret_key":"s1"}}""");
        Assert.True(made.Status == 201, made.ToString());
        var reference = HubFixture.Fresh();
        var paid = await Hub.PayAsync("paystack", reference, "acme", "10.00");
        var path = made.Text("callback_path")!;

        var refund = $$"""
            {"event":"refund.processed","data":{"domain":"live","transaction_reference":"{{reference}}","refund_reference":"B{{reference}}","amount":"400",
             "currency":"KES"} }
            """;
        Assert.Equal(200, (await CallAsync(path, refund)).Status);
        Assert.Equal(200, (await CallAsync(path, refund)).Status);

        var payment = await Hub.GetAsync($"/v1/payments/{paid.Text("id")}");
        Assert.Equal("4.00", payment.Text("reversed"));
        var reversal = Assert.Single((await Hub.GetAsync("/v1/reversals?psp=paystack")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("accepted", "4.00", "acme", paid.Text("id")), (
            reversal.GetProperty("status").GetString(), reversal.GetProperty("amount").GetString(), reversal.GetProperty("account_id").GetString(),
            reversal.GetProperty("payment_id").GetString()));
        var shown = Assert.Single(payment.Json.GetProperty("reversals").EnumerateArray());
        Assert.Equal((reversal.GetProperty("id").GetString(), "4.00"), (shown.GetProperty("id").GetString(), shown.GetProperty("amount").GetString()));
        var one = await Hub.GetAsync($"/v1/reversals/{reversal.GetProperty("id").GetString()}");
        Assert.Equal($"B{reference}", one.Text("psp_reference"));
        var number = one.Json.GetProperty("sequence").GetInt64();
        foreach (var (first, last, count) in new (long, long, int)[] { (number, number, 1), (number + 1, number + 9, 0), (number + 1, number + 1, 0) })
            Assert.Equal(count, (await Hub.GetAsync($"/v1/reversals?account_id=acme&psp=paystack&sequence_from={first}&sequence_to={last}")).Json.GetProperty("items").GetArrayLength());

        // Who assigns a payment out of suspense sees what is left of it.
        var lost = HubFixture.Fresh();
        await Hub.PayAsync("paystack", lost, "nobody", "10.00");
        Assert.Equal(200, (await CallAsync(path, refund.Replace(reference, lost, StringComparison.Ordinal))).Status);
        var suspense = (await Hub.GetAsync("/v1/suspense?psp=paystack")).Json.GetProperty("items").EnumerateArray();
        Assert.Equal("4.00", Assert.Single(suspense).GetProperty("reversed").GetString());

        using var theirs = fixture.Silo.As(await Hub.AddKeyAsync("account:beta"));
        Assert.Equal(404, (await theirs.GetAsync($"/v1/reversals/{one.Text("id")}")).Status);
        Assert.Empty((await theirs.GetAsync("/v1/reversals")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(404, (await theirs.GetAsync("/v1/reversals?account_id=acme")).Status); // as of an account that is not there
        await Eventually.TrueAsync(
            async () => await fixture.CountAsync("deliveries d JOIN reversals r ON r.id = d.event_id WHERE d.state = 'delivered'") == 1,
            () => "The account is not told.");
        var told = (await Hub.GetAsync($"/v1/deliveries?payment_id={paid.Text("id")}")).Json.GetProperty("items").EnumerateArray();
        Assert.Equal(["payment.accepted", "payment.reversed"], told.Select(delivery => delivery.GetProperty("event").GetString()).Order());
    }

    [Fact]
    public async Task A_file_that_is_read_twice_takes_back_once_and_what_has_no_payment_is_listed()
    {
        await Hub.AddPspAsync("cards");
        var settings = """
            {"columns":{"psp_reference":"id","amount":"Amount","amount_minus":"Amount Refunded","currency":"Currency"}}
            """;
        var made = await Hub.PostAsync("/v1/adapters", $$"""{"id":"cards","name":"Cards","psp":"cards","format":"csv","settings":{{settings}}}""");
        Assert.True(made.Status == 201, made.ToString());
        var bytes = Encoding.UTF8.GetBytes("id,Amount,Amount Refunded,Currency\nch_1,10.00,2.50,USD\nch_4,10.00,10.00,USD\n");
        for (var send = 0; send < 2; send++)
        {
            var sent = await Hub.SendAsync(HttpMethod.Post, "/v1/adapters/cards/files", new ByteArrayContent(bytes));
            Assert.True(sent.Status is 200 or 201, sent.ToString());
        }

        var orphan = Assert.Single((await Hub.GetAsync("/v1/reversals?status=orphaned&psp=cards")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal("ch_4", orphan.GetProperty("original_reference").GetString());
        Assert.Equal(400, (await Hub.GetAsync("/v1/reversals?status=lost")).Status);
    }

    private Task<HubAnswer> CallAsync(string path, string body)
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        content.Headers.Add("x-paystack-signature", Convert.ToHexStringLower(HMACSHA512.HashData("s1"u8, Encoding.UTF8.GetBytes(body))));
        return Hub.SendAsync(HttpMethod.Post, path, content);
    }
}
