using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

public sealed class ReferenceTests(ManagementHost host) : IClassFixture<ManagementHost>, IAsyncLifetime
{
    public async Task InitializeAsync() => await host.AsAdminAsync("POST", "/v1/accounts", new { id = "acme", name = "Acme" });

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_reference_keeps_its_spelling_and_is_found_in_any_case()
    {
        await using var listener = await Heard.ListenAsync(host.Database);
        var created = (await host.AsAdminAsync("POST", "/v1/accounts/ACME/references", new { id = " INV/2024 é ", name = "Jo" })).MustBe(201);
        Assert.Equal(("INV/2024 é", "acme", "Jo"), (created.Field("id"), created.Field("account_id"), created.Field("name")));
        var location = created.Message.Headers.Location!.OriginalString;

        var read = (await host.AsAdminAsync("GET", location)).MustBe(200);
        Assert.Equal(created.Text, read.Text);
        (await host.AsAdminAsync("GET", "/v1/accounts/acme/references/inv%2F2024%20%C3%89")).MustBe(200);
        (await host.AsAdminAsync("POST", "/v1/accounts/acme/references", new { id = "inv/2024 É" })).MustBe(409, "id-taken");

        var changed = (await host.AsAdminAsync("PUT", location, new { id = "inv/2024 é", archived = true }, "\"1\"")).MustBe(200);
        Assert.Equal(("True", "\"2\"", "INV/2024 é"), (changed.Field("archived"), changed.ETag, changed.Field("id")));
        (await host.AsAdminAsync("PUT", location, new { }, "\"1\"")).MustBe(412, "etag-mismatch");
        (await host.AsAdminAsync("PUT", location, new { id = "another" })).MustBe(422, "id-fixed");
        (await host.AsAdminAsync("DELETE", location, null, "\"1\"")).MustBe(412, "etag-mismatch");
        (await host.AsAdminAsync("DELETE", location)).MustBe(204);
        (await host.AsAdminAsync("GET", location)).MustBe(404, "reference-unknown");
        Assert.Equal(3, (await listener.TakeAsync("reference:inv/2024 é", 3)).Count);
    }

    [Fact]
    public async Task Faults_are_named()
    {
        var refused = (await host.AsAdminAsync("POST", "/v1/accounts/acme/references", new { name = new string('n', 141) })).MustBe(422, "fields-invalid");
        Assert.Equal("id name", refused.Faults);
        (await host.AsAdminAsync("POST", "/v1/accounts/acme/references", new { id = new string('r', 101) })).MustBe(422, "id-too-long");
        (await host.AsAdminAsync("POST", "/v1/accounts/acme/references", """{"id":"half \ud800"}""")).MustBe(400, "malformed-json");
        (await host.AsAdminAsync("POST", "/v1/accounts/nobody/references", new { id = "R" })).MustBe(404, "account-unknown");
        (await host.AsAdminAsync("GET", "/v1/accounts/nobody/references")).MustBe(404, "account-unknown");
        (await host.AsAdminAsync("GET", "/v1/accounts/nobody/references/R")).MustBe(404, "reference-unknown");
    }

    [Theory]
    [InlineData(".")]
    [InlineData(" .. ")]
    [InlineData("a%2Fb")]
    [InlineData("a%2fb")]
    public async Task An_id_that_no_address_can_name_is_refused(string id)
    {
        var refused = (await host.AsAdminAsync("POST", "/v1/accounts/acme/references", new { id })).MustBe(422, "id-unaddressable");
        Assert.Equal("id", refused.Faults);
    }

    [Theory]
    [InlineData("...")]
    [InlineData("../up")]
    [InlineData("a/./b")]
    [InlineData("/")]
    [InlineData("%2E")]
    [InlineData("%")]
    [InlineData("a\\b")]
    [InlineData("a?b#c+d&e;f")]
    public async Task Any_other_id_is_found_again_at_its_address(string id)
    {
        var created = (await host.AsAdminAsync("POST", "/v1/accounts/acme/references", new { id })).MustBe(201);
        var location = created.Message.Headers.Location!.OriginalString;
        Assert.Equal(id, (await host.AsAdminAsync("GET", location)).MustBe(200).Field("id"));
        (await host.AsAdminAsync("DELETE", location)).MustBe(204);
    }

    [Fact]
    public async Task Two_accounts_may_register_one_reference_and_each_lists_its_own()
    {
        await host.AsAdminAsync("POST", "/v1/accounts", new { id = "other", name = "Other" });
        foreach (var account in new[] { "acme", "other" })
            (await host.AsAdminAsync("POST", $"/v1/accounts/{account}/references", new { id = "shared" })).MustBe(201);
        (await host.AsAdminAsync("POST", "/v1/accounts/other/references", new { id = "zebra" })).MustBe(201);

        var first = await host.AsAdminAsync("GET", "/v1/accounts/other/references?limit=1");
        Assert.Equal("shared", Assert.Single(first.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        var second = await host.AsAdminAsync("GET", $"/v1/accounts/other/references?limit=1&after={first.Field("next")}");
        Assert.Equal("zebra", Assert.Single(second.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Null(second.Field("next"));
    }
}
