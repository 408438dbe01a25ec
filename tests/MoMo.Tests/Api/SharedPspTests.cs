using MoMo.Tests.Psps.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Two merchant accounts at one PSP whose payments have the merchants' own ids: the same at both, one day.</summary>
public sealed class SharedPspTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task The_second_shops_order_of_the_same_number_is_not_swallowed_as_a_repeat()
    {
        var psp = await AddPspAsync();
        var (one, two) = (await AddAsync(psp, "one", null), await AddAsync(psp, "two", null));
        await PayAsync(one, "2026-03-14T12:16:17Z", "jane@example.com");
        await PayAsync(two, "2026-03-14T15:00:00Z", "john@example.com");
        await PayAsync(two, "2026-03-20T12:16:17Z", "jane@example.com");
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{psp}'"));
        Assert.Equal(2, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{psp}-two' AND why = 'payment-differs' AND payment_id IS NOT NULL"));
        // What the PSP tells again, and through another adapter of the same account, is one payment still.
        await PayAsync(one, "2026-03-14T12:16:17Z", "jane@example.com");
        await PayAsync(two, "2026-03-14T12:16:17Z", "jane@example.com");
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{psp}'"));
    }

    [Fact]
    public async Task With_prefixes_both_shops_are_paid()
    {
        var psp = await AddPspAsync();
        var (one, two) = (await AddAsync(psp, "one", "shop-1/"), await AddAsync(psp, "two", "shop-2/"));
        foreach (var shop in new[] { one, two, one, two }) await PayAsync(shop, "2026-03-14T12:16:17Z", "jane@example.com");
        Assert.Equal(2, await fixture.CountAsync($"payments WHERE psp_id = '{psp}' AND psp_reference IN ('shop-1/1001', 'shop-2/1001') AND reference_id = '1001'"));
    }

    private async Task<string> AddPspAsync()
    {
        var psp = $"s-{HubFixture.Fresh().ToLowerInvariant()}";
        await fixture.Hub.AddPspAsync(psp);
        return psp;
    }

    private async Task<string> AddAsync(string psp, string shop, string? prefix)
    {
        var made = await fixture.Hub.PostAsync("/v1/adapters", new
        {
            id = $"{psp}-{shop}", name = $"{psp}-{shop}", psp, format = "paystack", credentials = new Dictionary<string, string> { ["secret_key"] = "sk" },
            settings = prefix is null ? new Dictionary<string, string>() : new() { ["psp_reference_prefix"] = prefix },
        });
        Assert.True(made.Status == 201, made.ToString());
        return made.Text("callback_path")!;
    }

    private async Task PayAsync(string path, string paidAt, string payer)
    {
        using var stranger = fixture.Silo.As(null);
        var body = $$$"""
            {"event":"charge.success","data":{"domain":"live","status":"success","reference":"1001","amount":500000,"currency":"NGN",
             "paid_at":"{{{paidAt}}}","customer":{"email":"{{{payer}}}"} } }
            """;
        using var content = HubClient.Json(body);
        content.Headers.TryAddWithoutValidation("x-paystack-signature", Hmac.Hex512("sk", body));
        var answer = await stranger.SendAsync(HttpMethod.Post, path, content);
        Assert.True(answer.Status == 200, answer.ToString());
    }
}
