using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What is kept beside a proof is the operator's: an account is shown what harms nobody, and nothing that was not thought of.</summary>
public sealed class ProofEnvelopeTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task An_account_sees_harmless_headers_only_and_an_administrator_the_others_too()
    {
        using var sender = fixture.Silo.As(await fixture.Hub.AddKeyAsync("admin"));
        var headers = sender.Http.DefaultRequestHeaders;
        headers.UserAgent.Add(new ProductInfoHeaderValue("till", "7"));
        headers.Date = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
        foreach (var name in (string[])["X-Signature", "Wave-Signature", "X-Forwarded-For", "X-Internal-Route", "Via"]) headers.TryAddWithoutValidation(name, "hush");
        var body = $$"""{"psp":"psp","psp_reference":"{{HubFixture.Fresh()}}","account_id":"acme","amount":"1.00","currency":"KES"}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var taken = await sender.SendAsync(HttpMethod.Post, "/v1/payments", content);
        Assert.True(taken.Status == 201, taken.ToString());

        using var account = fixture.Silo.As(await fixture.Hub.AddKeyAsync("account:acme"));
        var path = $"/v1/payments/{taken.Text("id")}/proof";
        var proof = await account.GetAsync(path);
        Assert.Equal(body, Encoding.UTF8.GetString(proof.Bytes));
        var shown = Shown(proof);
        Assert.Equal(["headers", "method", "received_at"], shown.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["Content-Length", "Content-Type", "Date", "User-Agent"],
            shown.GetProperty("headers").EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal("till/7", shown.GetProperty("headers").GetProperty("User-Agent").GetString());

        var whole = Shown(await fixture.Hub.GetAsync(path));
        Assert.Equal("hush", whole.GetProperty("headers").GetProperty("Wave-Signature").GetString());
        Assert.True(whole.TryGetProperty("source", out _) && whole.TryGetProperty("key", out _));
        Assert.DoesNotContain("Bearer", whole.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    private static JsonElement Shown(HubAnswer proof) => JsonElement.Parse(Uri.UnescapeDataString(proof.Headers["MoMo-Proof-Envelope"]));
}
