using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Who narrows a list by what is not there is told so, instead of that there is nothing.</summary>
public sealed class FilterTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private static readonly Guid Nothing = new("019a0000-0000-7000-8000-000000000000");

    private HubClient Hub => fixture.Hub;

    public static TheoryData<string, string, string> Lists => new()
    {
        { "/v1/deliveries?account_id=nobody", "account-unknown", "account_id" },
        { "/v1/deliveries?account_id=acme&destination=nowhere", "destination-unknown", "destination" },
        { "/v1/deliveries?account_id=nobody&destination=nowhere", "account-unknown", "account_id" },
        { $"/v1/deliveries?payment_id={Nothing}", "payment-unknown", "payment_id" },
        { "/v1/deliveries?payment_id=none", "payment-unknown", "payment_id" },
        { "/v1/payments?account_id=nobody", "account-unknown", "account_id" },
        { "/v1/payments?psp=nobody", "psp-unknown", "psp" },
        { "/v1/payments?psp=nobody&psp_reference=R1", "psp-unknown", "psp" },
        { "/v1/payments?psp=nobody&account_id=nobody", "fields-invalid", "account_id psp" },
        { "/v1/payments?account_id=acme&sequence_from=2&sequence_to=1", "range", "sequence_from" },
        { "/v1/reversals?account_id=nobody", "account-unknown", "account_id" },
        { "/v1/reversals?psp=nobody", "psp-unknown", "psp" },
        { $"/v1/reversals?payment_id={Nothing}", "payment-unknown", "payment_id" },
        { "/v1/suspense?psp=nobody", "psp-unknown", "psp" },
        { "/v1/files?adapter=nobody", "adapter-unknown", "adapter" },
        { "/v1/messages?adapter=nobody", "adapter-unknown", "adapter" },
        { $"/v1/messages?payment_id={Nothing}", "payment-unknown", "payment_id" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task What_is_not_there_is_named(string path, string code, string fields)
    {
        var refused = await Hub.GetAsync(path);
        Assert.Equal((422, code, fields), (refused.Status, refused.Text("code"), string.Join(' ', refused.Fields)));
    }

    [Theory]
    [InlineData("/v1/deliveries?account_id=BETA")]
    [InlineData("/v1/deliveries?account_id=acme&destination=hook&state=dead")]
    [InlineData("/v1/payments?psp=psp&psp_reference=never-paid")]
    [InlineData("/v1/payments?account_id=beta&psp=psp&to=2026-01-01T00:00:00Z")]
    [InlineData("/v1/reversals?account_id=beta&psp=psp")]
    [InlineData("/v1/suspense?psp=psp")]
    [InlineData("/v1/messages?why=never")]
    [InlineData("/v1/payments?account_id=beta&sequence_from=1000")]
    public async Task What_is_there_and_has_nothing_is_an_empty_list(string path)
    {
        var found = await Hub.GetAsync(path);
        Assert.True(found.Status == 200, found.ToString());
        Assert.Equal(0, found.Json.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("payments")]
    [InlineData("reversals")]
    [InlineData("deliveries")]
    public async Task Numbers_are_those_of_an_account(string list)
    {
        var refused = await Hub.GetAsync($"/v1/{list}?sequence_from=1");
        Assert.Equal((400, "query-malformed", "account_id"), (refused.Status, refused.Text("code"), string.Join(' ', refused.Fields)));
        refused = await Hub.GetAsync($"/v1/{list}?account_id=acme&sequence_from=-1&sequence_to=-1");
        Assert.Equal((400, "query-malformed", "sequence_from sequence_to"), (refused.Status, refused.Text("code"), string.Join(' ', refused.Fields)));
    }

    [Theory]
    [InlineData("states")]
    [InlineData("channel/backfills")]
    public async Task What_an_adapter_that_there_is_not_has_is_not_an_empty_list(string list)
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        var refused = await Hub.GetAsync($"/v1/adapters/{adapter}/{list}");
        Assert.Equal((404, "adapter-unknown"), (refused.Status, refused.Text("code")));
        await Hub.AddAdapterAsync(adapter, "psp", "json");
        Assert.Equal(0, (await Hub.GetAsync($"/v1/adapters/{adapter}/{list}")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task What_an_adapter_was_stays_listed_when_it_is_deleted()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAdapterAsync(adapter, "psp", "json");
        Assert.Equal(200, (await Hub.PostAsync($"/v1/adapters/{adapter}/register", new { lease_seconds = 60 })).Status);
        Assert.Equal(204, (await Hub.SendAsync(HttpMethod.Delete, $"/v1/adapters/{adapter}", null)).Status);
        Assert.Equal(1, (await Hub.GetAsync($"/v1/adapters/{adapter}/states")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task An_account_is_told_the_same_of_anothers_as_of_what_is_not_there()
    {
        var paid = await Hub.PayAsync("psp", HubFixture.Fresh(), "beta");
        using var acme = fixture.Silo.As(await Hub.AddKeyAsync("account:acme"));
        foreach (var (theirs, nothing) in new[] { ("account_id=beta", "account_id=nobody"), ($"payment_id={paid.Text("id")}", $"payment_id={Nothing}") })
        {
            foreach (var list in (string[])["/v1/deliveries", "/v1/reversals"])
            {
                var (one, other) = (await acme.GetAsync($"{list}?{theirs}"), await acme.GetAsync($"{list}?{nothing}"));
                Assert.Equal((404, 404), (one.Status, other.Status));
                var said = one.ToString().Replace("'beta'", "'nobody'", StringComparison.Ordinal)
                    .Replace(paid.Text("id")!, Nothing.ToString(), StringComparison.Ordinal);
                Assert.Equal(other.ToString(), said);
            }
        }

        Assert.Equal(200, (await acme.GetAsync("/v1/deliveries?account_id=acme")).Status);
        Assert.Equal(200, (await acme.GetAsync("/v1/deliveries")).Status);
    }

    [Fact]
    public async Task A_key_of_one_account_need_not_name_it_beside_a_destination()
    {
        var alone = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAccountAsync(alone);
        await Hub.AddWebhookAsync(alone, fixture.Server);
        using var account = fixture.Silo.As(await Hub.AddKeyAsync($"account:{alone}"));
        var found = await account.GetAsync("/v1/deliveries?destination=hook");
        Assert.True(found.Status == 200, found.ToString());
        var refused = await account.GetAsync("/v1/deliveries?destination=nowhere");
        Assert.Equal((422, $"Account '{alone}' has no destination 'nowhere'."), (refused.Status, refused.Text("detail")));
    }

    [Theory]
    [InlineData("payments")]
    [InlineData("reversals")]
    public async Task An_account_does_not_learn_which_PSPs_there_are(string list)
    {
        var alone = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAccountAsync(alone);
        using var account = fixture.Silo.As(await Hub.AddKeyAsync($"account:{alone}"));
        var (one, other) = (await account.GetAsync($"/v1/{list}?psp=psp"), await account.GetAsync($"/v1/{list}?psp=nobody"));
        Assert.Equal((200, 200), (one.Status, other.Status));
        Assert.Equal(one.Json.GetRawText(), other.Json.GetRawText());
    }

    [Fact]
    public async Task Messages_of_an_adapter_that_was_deleted_are_found_still()
    {
        await Hub.PayAsync("psp", HubFixture.Fresh(), "acme", "10.00");
        // As a callback leaves it that was refused.
        await Sql.DoAsync(
            fixture.ConnectionString,
            """
            INSERT INTO kept_messages (sha256, pack, position, adapter_id, why, received_at)
            SELECT proof_sha256, proof_pack, proof_position, 'leaving', 'signature-wrong', now() FROM payments WHERE proof_pack IS NOT NULL LIMIT 1
            """);
        Assert.Equal(1, (await Hub.GetAsync("/v1/messages?adapter=leaving")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_page_after_what_is_not_in_the_list_is_refused_and_not_empty()
    {
        var mine = (await fixture.Hub.PayAsync("psp", HubFixture.Fresh(), "acme")).Text("id");
        var (first, theirs) = (await FirstAsync("acme"), (await fixture.Hub.PayAsync("psp", HubFixture.Fresh(), "beta")).Text("id"));
        var delivery = (await fixture.Hub.GetAsync($"/v1/deliveries?payment_id={mine}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        foreach (var path in (string[])
            [$"/v1/payments?account_id=acme&after={theirs}", $"/v1/deliveries?account_id=acme&after={theirs}", $"/v1/deliveries?account_id=beta&after={delivery}",
            $"/v1/messages?after={new string('0', 64)}"])
        {
            var refused = await fixture.Hub.GetAsync(path);
            Assert.True((refused.Status, refused.Text("code"), string.Join(' ', refused.Fields)) == (400, "query-malformed", "after"), $"{path}: {refused}");
        }

        // The last page of all may be empty.
        var last = await fixture.Hub.GetAsync($"/v1/payments?account_id=acme&after={first}");
        Assert.Equal((200, 0), (last.Status, last.Json.GetProperty("items").GetArrayLength()));

        async Task<string?> FirstAsync(string account) =>
            (await fixture.Hub.GetAsync($"/v1/payments?account_id={account}&sequence_from=1&sequence_to=1")).Json.GetProperty("items")[0].GetProperty("id").GetString();
    }
}
