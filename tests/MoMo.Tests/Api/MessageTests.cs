using System.Security.Cryptography;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What made no payment can be found and read byte for byte, by administrators only.</summary>
public sealed class MessageTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_message_that_differs_is_listed_and_read_byte_for_byte()
    {
        var reference = HubFixture.Fresh();
        var payment = (await Hub.PayAsync("psp", reference, "acme")).Text("id");
        var body = $$"""{ "psp":"psp", "psp_reference":"{{reference}}","account_id":"acme","amount":"11.00","currency":"KES" }""";
        Assert.Equal(409, (await Hub.PostAsync("/v1/payments", body)).Status);

        var message = Assert.Single((await Hub.GetAsync($"/v1/messages?payment_id={payment}")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal("payment-differs", message.GetProperty("why").GetString());
        Assert.Equal("psp", message.GetProperty("psp").GetString());
        Assert.Equal(payment, message.GetProperty("payment_id").GetString());
        var id = message.GetProperty("id").GetString();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))), id);

        var content = await Hub.GetAsync($"/v1/messages/{id}/content");
        Assert.Equal(body, Encoding.UTF8.GetString(content.Bytes));
        Assert.StartsWith("{", Uri.UnescapeDataString(content.Headers["MoMo-Proof-Envelope"]), StringComparison.Ordinal);
        foreach (var unknown in (string[])[new string('0', 64), "x", id + "0"])
            Assert.Equal("message-unknown", (await Hub.GetAsync($"/v1/messages/{unknown}/content")).Text("code"));
    }

    [Fact]
    public async Task Messages_come_newest_first_page_by_page()
    {
        List<string> sent = [];
        for (var n = 0; n < 5; n++)
        {
            var body = $$"""{"psp":"psp","nonsense":"{{HubFixture.Fresh()}}"}""";
            Assert.InRange((await Hub.PostAsync("/v1/payments", body)).Status, 400, 422);
            sent.Insert(0, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))));
        }

        List<string> seen = [];
        for (var path = "/v1/messages?why=payment-malformed&limit=2"; ;)
        {
            var page = (await Hub.GetAsync(path)).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            if (!page.TryGetProperty("next", out var next) || next.GetString() is not { } after) break;
            path = $"/v1/messages?why=payment-malformed&limit=2&after={after}";
        }

        Assert.Equal(sent, seen);
        Assert.Equal(400, (await Hub.GetAsync("/v1/messages?after=x")).Status);
    }

    [Fact]
    public async Task Only_administrators_read_messages()
    {
        using var acme = fixture.Silo.As(await Hub.AddKeyAsync("account:acme"));
        Assert.Equal(403, (await acme.GetAsync("/v1/messages")).Status);
        Assert.Equal(403, (await acme.GetAsync($"/v1/messages/{new string('0', 64)}/content")).Status);
    }

    [Fact]
    public async Task A_list_of_payments_says_what_it_needs_besides()
    {
        var reference = HubFixture.Fresh();
        var id = (await Hub.PayAsync("psp", reference, "acme", referenceId: "4711")).Text("id");
        Assert.Equal((string[])["psp"], (await Hub.GetAsync($"/v1/payments?psp_reference={reference}")).Fields);
        Assert.Equal((string[])["reference_id"], (await Hub.GetAsync("/v1/payments?reference_id=4711")).Fields);
        foreach (var query in (string[])[$"psp=psp&psp_reference={reference}", "reference_id=4711&account_id=acme", "reference_id=4711&from=2026-01-01T00:00:00Z"])
            Assert.Equal(id, Assert.Single((await Hub.GetAsync($"/v1/payments?{query}")).Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
    }
}
