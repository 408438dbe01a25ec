using System.Security.Cryptography;
using System.Text;
using MoMo.Tests.Psps.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>
/// A callback whose signature can't be checked, because the adapter's credentials can't be opened, is the hub's own trouble: its bytes are kept, nothing
/// is believed, and its PSP is told to send it again.
/// </summary>
public sealed class ClosedCallbackTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Theory]
    [InlineData("paystack", "secret_key")]
    [InlineData("airtel-money", "hash_key")] // without a key nothing is signed, which must not be taken for it
    public async Task It_is_kept_and_sent_again_and_taken_once_they_can_be_opened(string format, string credential)
    {
        var id = $"c-{HubFixture.Fresh().ToLowerInvariant()}";
        await fixture.Hub.AddPspAsync(id);
        var made = await fixture.Hub.PostAsync("/v1/adapters", new
        {
            id, name = id, psp = id, format, settings = new { addresses = new[] { "127.0.0.0/8" } },
            credentials = new Dictionary<string, string> { [credential] = "s1" },
        });
        Assert.True(made.Status == 201, made.ToString());
        var path = made.Text("callback_path")!;
        var key = await Sql.AskAsync<string>(
            fixture.Silo.Database.AppConnectionString, $"SELECT split_part(sealed, ':', 2) FROM adapter_credentials WHERE adapter_id = '{id}'");
        await SealAsync(id, key, "gone");
        await Eventually.TrueAsync(async () => (await SendAsync(path, "{}", "wrong")).Status == 503, () => "the silo hears of it");

        var body = $$$"""
            {"event":"charge.success","data":{"domain":"live","status":"success","reference":"{{{id}}}","amount":5,"currency":"NGN",
             "paid_at":"2026-03-14T12:16:17Z","metadata":{"account_id":"acme"} } }
            """;
        var (status, wait) = await SendAsync(path, body, Hmac.Hex512("s1", body));
        Assert.Equal((503, 60), (status, wait));
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{id}'"));
        Assert.Equal(0, await fixture.CountAsync($"message_notices WHERE adapter_id = '{id}'"));
        var kept = (await fixture.Hub.GetAsync($"/v1/messages?adapter={id}&why=credentials-closed")).Json.GetProperty("items").EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))));
        var content = await fixture.Hub.GetAsync($"/v1/messages/{kept.GetProperty("id").GetString()}/content");
        Assert.Equal(body, Encoding.UTF8.GetString(content.Bytes));
        // Nobody can tell whether a header holds what can't be opened.
        Assert.DoesNotContain("signature", content.Headers["MoMo-Proof-Envelope"], StringComparison.OrdinalIgnoreCase);

        await SealAsync(id, "gone", key);
        await Eventually.TrueAsync(async () => (await SendAsync(path, "{}", "wrong")).Status == 401, () => "the silo hears of it");
        if (format != "paystack") return;
        Assert.Equal(200, (await SendAsync(path, body, Hmac.Hex512("s1", body))).Status);
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{id}' AND account_id = 'acme'"));
    }

    private async Task<(int Status, int? RetryAfter)> SendAsync(string path, string body, string signature)
    {
        using var stranger = fixture.Silo.As(null);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = HubClient.Json(body) };
        request.Headers.TryAddWithoutValidation("x-paystack-signature", signature);
        using var answer = await stranger.Http.SendAsync(request);
        return ((int)answer.StatusCode, (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    /// <summary>As if the credentials had been sealed with another key; the silo is told.</summary>
    private Task SealAsync(string adapter, string from, string to) => Sql.DoAsync(
        fixture.Silo.Database.AppConnectionString,
        $"""
        UPDATE adapter_credentials SET sealed = replace(sealed, 'v1:{from}:', 'v1:{to}:') WHERE adapter_id = '{adapter}';
        NOTIFY momo_changed, 'adapter:{adapter}';
        """);
}
