using System.Text;
using MoMo.Tests.Psps.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What the hub itself can't record is kept all the same, and PSPs are told to send it again.</summary>
public sealed class PoisonedPaymentTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task What_the_hub_itself_can_not_record_is_kept_all_the_same()
    {
        await PoisonAsync("payments", "psp");
        const string body = """{"psp":"psp","psp_reference":"POISON","amount":"1.00","currency":"KES","account_id":"acme"}""";
        var answer = await fixture.Hub.PostAsync("/v1/payments", body);
        Assert.Equal((500, "internal"), (answer.Status, answer.Text("code")));
        var message = Assert.Single(
            (await fixture.Hub.GetAsync("/v1/messages?why=internal")).Json.GetProperty("items").EnumerateArray(), one => !one.TryGetProperty("adapter", out _));
        var content = await fixture.Hub.GetAsync($"/v1/messages/{message.GetProperty("id").GetString()}/content");
        Assert.Equal(body, Encoding.UTF8.GetString(content.Bytes));
    }

    [Theory]
    [InlineData("mpesa-c2b", "/confirmation", "payments", "503 {\"ResultCode\":1,",
        """{"TransID":"P1","TransTime":"20260314151617","TransAmount":"5.00","BusinessShortCode":"1","BillRefNumber":"acme"}""")]
    [InlineData("mixx-tz", "", "payments", "<RESULT>TF</RESULT><ERRORCODE>error111</ERRORCODE>",
        "<COMMAND><TYPE>SYNC_BILLPAY_REQUEST</TYPE><TXNID>P1</TXNID><MSISDN>714000001</MSISDN><AMOUNT>10</AMOUNT><CUSTOMERREFERENCEID>acme</CUSTOMERREFERENCEID></COMMAND>")]
    [InlineData("paystack", "", "payments", "503 ",
        """{"event":"charge.success","data":{"domain":"live","status":"success","reference":"P1","amount":5,"currency":"NGN","paid_at":"2026-03-14T12:16:17Z"}}""")]
    [InlineData("paystack", "", "reversals", "503 ",
        """{"event":"refund.processed","data":{"domain":"live","status":"processed","id":"7","transaction_reference":"P0","amount":5,"currency":"NGN"}}""")]
    [InlineData("paystack", "", "message_notices", "503 ",
        """{"event":"charge.failed","data":{"domain":"live","status":"failed","reference":"P2","amount":5,"currency":"NGN"}}""")]
    public async Task A_callback_is_kept_and_answered_in_the_PSPs_words_so_that_it_comes_again(string format, string path, string table, string busy, string body)
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await fixture.Hub.AddPspAsync(adapter);
        var made = await fixture.Hub.PostAsync("/v1/adapters", new
        {
            id = adapter, name = adapter, psp = adapter, format, settings = new { addresses = new[] { "127.0.0.1" } },
            credentials = format == "paystack" ? new Dictionary<string, string> { ["secret_key"] = "s" } : null,
        });
        var to = made.Text("callback_path") + path;
        var heal = await PoisonAsync(table, adapter);
        Assert.Contains(busy, (await SendAsync()).ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync($"{table} WHERE {Column(table)} = '{adapter}'"));
        var message = Assert.Single((await fixture.Hub.GetAsync($"/v1/messages?why=internal&adapter={adapter}")).Json.GetProperty("items").EnumerateArray());
        var content = await fixture.Hub.GetAsync($"/v1/messages/{message.GetProperty("id").GetString()}/content");
        Assert.Equal(body, Encoding.UTF8.GetString(content.Bytes));

        await Sql.DoAsync(fixture.Silo.Database.OwnerConnectionString, heal);
        Assert.Equal(200, (await SendAsync()).Status);
        Assert.Equal(1, await fixture.CountAsync($"{table} WHERE {Column(table)} = '{adapter}'"));

        async Task<HubAnswer> SendAsync()
        {
            using var stranger = fixture.Silo.As(null);
            using var sent = HubClient.Json(body);
            if (format == "paystack") sent.Headers.TryAddWithoutValidation("x-paystack-signature", Hmac.Hex512("s", body));
            return await stranger.SendAsync(HttpMethod.Post, to, sent);
        }
    }

    private static string Column(string table) => table == "message_notices" ? "adapter_id" : "psp_id";

    private Task<string> PoisonAsync(string table, string psp) => PoisonAsync(fixture.Silo.Database, table, psp);

    /// <summary>From now on a table refuses what is of a PSP, as if a rule of ours were wrong.</summary>
    /// <returns>The statement that ends it.</returns>
    internal static async Task<string> PoisonAsync(TestDatabase database, string table, string psp)
    {
        await Sql.DoAsync(
            database.OwnerConnectionString,
            $"""
            CREATE FUNCTION "refuse {psp}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE check_violation USING MESSAGE = 'as if a rule of ours were wrong'; END $$;
            CREATE TRIGGER "refuse {psp}" BEFORE INSERT ON {table} FOR EACH ROW WHEN (new.{Column(table)} = '{psp}') EXECUTE FUNCTION "refuse {psp}"();
            """);
        return $"DROP FUNCTION \"refuse {psp}\" CASCADE";
    }
}
