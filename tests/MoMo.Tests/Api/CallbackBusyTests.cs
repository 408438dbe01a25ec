using MoMo.Tests.Psps.Specs;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Api;

/// <summary>A hub that can't keep a message says so in its PSP's words, and takes it when it is sent again.</summary>
public sealed class CallbackBusyTests
{
    private const int Messages = 8;

    [Theory]
    [InlineData("paystack", "503 ")]
    [InlineData("mixx-tz", "<RESULT>TF</RESULT><ERRORCODE>error111</ERRORCODE>")]
    [InlineData("mpesa-c2b", "503 {\"ResultCode\":1,")]
    public async Task A_full_queue_is_told_in_the_PSPs_words(string format, string busy)
    {
        await using var silo = await SiloHost.StartAsync(
            null, ("MoMo:Journal:QueueMax", "1"), ("MoMo:Journal:WritersMax", "1"), ("MoMo:Journal:BatchMax", "1"));
        await silo.Hub.AddPspAsync("p");
        await silo.Hub.AddAccountAsync("acme");
        var made = await silo.Hub.PostAsync("/v1/adapters", new
        {
            id = "a", name = "A", psp = "p", format, settings = new { addresses = new[] { "127.0.0.1" } },
            credentials = format == "paystack" ? new Dictionary<string, string> { ["secret_key"] = "s" } : null,
        });
        var path = made.Text("callback_path") + (format == "mpesa-c2b" ? "/confirmation" : "");

        var answers = new List<Task<HubAnswer>>();
        await using (await HeldLock.TakeAsync(silo.Database.OwnerConnectionString, "LOCK TABLE payment_keys"))
        {
            answers.AddRange(Enumerable.Range(0, Messages).Select(n => SendAsync(silo, path, format, $"B{n}")));
            // One is in a turn that waits, one is queued; the others are answered at once.
            while (answers.Count > 2)
            {
                var answered = await Task.WhenAny(answers);
                answers.Remove(answered);
                Assert.Contains(busy, (await answered).ToString(), StringComparison.Ordinal);
            }
        }

        await Task.WhenAll(answers);

        for (var n = 0; n < Messages; n++) Assert.Equal(200, (await SendAsync(silo, path, format, $"B{n}")).Status);
        Assert.Equal(Messages, await Sql.AskAsync<long>(silo.Database.AppConnectionString, "SELECT count(*) FROM payments WHERE account_id = 'acme'"));
    }

    private static async Task<HubAnswer> SendAsync(SiloHost silo, string path, string format, string id)
    {
        var body = format switch
        {
            "paystack" => $$$"""
                {"event":"charge.success","data":{"domain":"live","status":"success","reference":"{{{id}}}","amount":5,"currency":"NGN",
                 "paid_at":"2026-03-14T12:16:17Z","metadata":{"account_id":"acme"} } }
                """,
            "mixx-tz" => $"""
                <COMMAND><TYPE>SYNC_BILLPAY_REQUEST</TYPE><TXNID>{id}</TXNID><MSISDN>714000001</MSISDN><AMOUNT>10</AMOUNT>
                <CUSTOMERREFERENCEID>acme</CUSTOMERREFERENCEID></COMMAND>
                """,
            _ => $$"""{"TransID":"{{id}}","TransTime":"20260314151617","TransAmount":"5.00","BusinessShortCode":"1","BillRefNumber":"acme"}""",
        };
        using var stranger = silo.As(null);
        using var content = HubClient.Json(body);
        if (format == "paystack") content.Headers.TryAddWithoutValidation("x-paystack-signature", Hmac.Hex512("s", body));
        return await stranger.SendAsync(HttpMethod.Post, path, content);
    }
}
