using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>An account sees its own payments, proofs and deliveries, and cannot even learn that others exist.</summary>
public sealed class PaymentIsolationTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task An_accounts_key_sees_only_its_own()
    {
        var own = (await Hub.PayAsync("psp", HubFixture.Fresh(), "acme")).Text("id");
        var others = (await Hub.PayAsync("psp", HubFixture.Fresh(), "beta")).Text("id");
        var nobodys = (await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody")).Text("id");
        var delivery = (await Hub.GetAsync($"/v1/deliveries?payment_id={own}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        using var acme = fixture.Silo.As(await Hub.AddKeyAsync("account:acme"));
        using var beta = fixture.Silo.As(await Hub.AddKeyAsync("account:beta"));

        Assert.Equal(200, (await acme.GetAsync($"/v1/payments/{own}")).Status);
        Assert.Equal(200, (await acme.GetAsync($"/v1/payments/{own}/proof")).Status);
        Assert.Equal(200, (await acme.GetAsync($"/v1/deliveries/{delivery}")).Status);
        foreach (var hidden in (string[])[$"/v1/payments/{others}", $"/v1/payments/{nobodys}", $"/v1/payments/{others}/proof", $"/v1/payments/{nobodys}/proof"])
            Assert.Equal(404, (await acme.GetAsync(hidden)).Status);
        Assert.Equal(404, (await beta.GetAsync($"/v1/deliveries/{delivery}")).Status);
        Assert.Equal(404, (await beta.SendAsync(HttpMethod.Post, $"/v1/deliveries/{delivery}/retry", null)).Status);

        foreach (var list in (string[])["payments", "deliveries"])
        {
            foreach (var item in (await acme.GetAsync($"/v1/{list}?limit=500")).Json.GetProperty("items").EnumerateArray())
                Assert.Equal("acme", item.GetProperty("account_id").GetString());
            Assert.Equal((404, "account-unknown"), (await acme.GetAsync($"/v1/{list}?account_id=beta")) is var hidden ? (hidden.Status, hidden.Text("code")) : default);
        }

        Assert.Equal(404, (await acme.GetAsync($"/v1/deliveries?payment_id={others}")).Status);
        Assert.Empty((await acme.GetAsync("/v1/payments?status=suspense")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_leaves_suspense_is_seen_by_its_account_from_then_on()
    {
        var id = (await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody")).Text("id");
        using var beta = fixture.Silo.As(await Hub.AddKeyAsync("account:beta", "account:acme"));
        Assert.Equal(404, (await beta.GetAsync($"/v1/payments/{id}")).Status);
        Assert.Equal(201, (await Hub.PostAsync($"/v1/suspense/{id}/assign", new { accountId = "beta", reason = "It is theirs." })).Status);
        Assert.Equal(200, (await beta.GetAsync($"/v1/payments/{id}")).Status);
        Assert.Contains(id!, (await beta.GetAsync("/v1/payments?account_id=beta")).ToString(), StringComparison.Ordinal);
        Assert.Equal(400, (await beta.GetAsync("/v1/payments")).Status); // It sees several accounts, and names none.
    }

    [Fact]
    public async Task A_key_does_only_what_it_is_for()
    {
        await Hub.AddPspAsync("second");
        await Hub.AddAdapterAsync("own", "psp", "json");
        using var account = fixture.Silo.As(await Hub.AddKeyAsync("account:acme", "account:beta"));
        using var adapter = fixture.Silo.As(await Hub.AddKeyAsync("adapter:own"));
        using var stranger = fixture.Silo.As(null);
        using var wrong = fixture.Silo.As(fixture.Silo.Key + "x");

        Assert.Equal(403, (await account.PayAsync("psp", HubFixture.Fresh(), "acme")).Status);
        Assert.Equal(403, (await account.GetAsync("/v1/suspense")).Status);
        Assert.Equal(403, (await account.GetAsync("/v1/files")).Status);
        Assert.Equal(403, (await adapter.GetAsync("/v1/payments")).Status);
        Assert.Equal(403, (await adapter.GetAsync("/v1/deliveries")).Status);
        Assert.Equal(403, (await adapter.PostAsync("/v1/routing/dry-run", "{}")).Status);
        Assert.Equal(401, (await stranger.PayAsync("psp", HubFixture.Fresh(), "acme")).Status);
        Assert.Equal(401, (await stranger.GetAsync("/v1/payments")).Status);
        Assert.Equal(401, (await wrong.GetAsync("/v1/payments")).Status);

        var paid = await adapter.PayAsync("psp", HubFixture.Fresh(), "acme");
        Assert.Equal((201, "own"), (paid.Status, paid.Text("adapter")));
        var foreign = await adapter.PayAsync("second", HubFixture.Fresh(), "acme");
        Assert.Equal((422, "psp-differs"), (foreign.Status, foreign.Text("code")));
    }
}
