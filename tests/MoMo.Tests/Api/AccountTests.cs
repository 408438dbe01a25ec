using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

public sealed class AccountTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private string App => host.Database.AppConnectionString;

    [Fact]
    public async Task An_account_is_created_with_its_head_under_its_canonical_id()
    {
        var created = (await host.AsAdminAsync("POST", "/v1/accounts", new { id = " Acme ", name = "Acme", lookup_url = "https://acme.example/ask" })).MustBe(201);
        Assert.Equal(("acme", "0", "/v1/accounts/acme"), (created.Field("id"), created.Field("sequence"), created.Message.Headers.Location!.ToString()));
        Assert.Equal(1L, await Sql.AskAsync<long>(App, "SELECT count(*) FROM account_heads WHERE account_id = 'acme'"));
        Assert.Equal(created.Text, (await host.AsAdminAsync("GET", "/v1/accounts/ACME")).MustBe(200).Text);
        (await host.AsAdminAsync("POST", "/v1/accounts", new { id = "ACME", name = "Other" })).MustBe(409, "id-taken");
        (await host.AsAdminAsync("POST", "/v1/accounts", new { id = "acme2", name = "ACME" })).MustBe(409, "name-taken");
        var taken = (await host.AsAdminAsync("POST", "/v1/accounts", new { id = "acme2", name = "Acme 2", lookup_url = "https://ACME.example/ask" })).MustBe(409, "url-taken");
        Assert.Equal("lookup_url", taken.Faults);
    }

    [Fact]
    public async Task All_faults_are_named_at_once()
    {
        var refused = (await host.AsAdminAsync("POST", "/v1/accounts", new { id = "a/b", lookup_url = "ftp://x" })).MustBe(422, "fields-invalid");
        Assert.Equal("id lookup_url name", refused.Faults);
    }

    [Fact]
    public async Task A_change_makes_the_actor_reload_and_is_told_to_all_silos()
    {
        await using var listener = await Heard.ListenAsync(host.Database);
        (await host.AsAdminAsync("POST", "/v1/accounts", new { id = "moving", name = "Moving" })).MustBe(201);
        var began = await HeadAsync("moving");
        var changed = (await host.AsAdminAsync("PUT", "/v1/accounts/Moving", new { name = "Moved", archived = true }, "\"1\"")).MustBe(200);
        Assert.Equal(("2", "Moved", "True"), (changed.Field("version"), changed.Field("name"), changed.Field("archived")));
        Assert.Equal(began + 1, await HeadAsync("moving"));
        (await host.AsAdminAsync("PUT", "/v1/accounts/moving", new { name = "Again" }, "\"1\"")).MustBe(412, "etag-mismatch");
        Assert.Equal(began + 1, await HeadAsync("moving"));
        Assert.Equal(2, (await listener.TakeAsync("account:moving", 2)).Count);
    }

    [Fact]
    public async Task An_account_that_something_depends_on_can_not_be_deleted()
    {
        (await host.AsAdminAsync("POST", "/v1/accounts", new { id = "held", name = "Held" })).MustBe(201);
        (await host.AsAdminAsync("POST", "/v1/accounts/held/references", new { id = "R1" })).MustBe(201);
        (await host.AsAdminAsync("POST", "/v1/accounts/held/destinations", new { id = "d", url = "https://held.example" })).MustBe(201);
        var key = await host.NewKeyAsync("account:held");
        await Sql.DoAsync(App, "UPDATE account_heads SET sequence = 1 WHERE account_id = 'held'");

        var refused = (await host.AsAdminAsync("DELETE", "/v1/accounts/held")).MustBe(409, "in-use");
        foreach (var user in new[] { "payments", "references", "destinations", "keys" })
            Assert.Contains(user, refused.Field("detail"), StringComparison.Ordinal);

        (await host.AsAdminAsync("DELETE", "/v1/accounts/held/references/r1")).MustBe(204);
        (await host.AsAdminAsync("DELETE", "/v1/accounts/held/destinations/d")).MustBe(204);
        (await host.AsAdminAsync("DELETE", $"/v1/keys/{key.GetProperty("id")}")).MustBe(204);
        (await host.AsAdminAsync("DELETE", "/v1/accounts/held")).MustBe(409, "in-use");
        await Sql.DoAsync(App, "UPDATE account_heads SET sequence = 0 WHERE account_id = 'held'");
        (await host.AsAdminAsync("DELETE", "/v1/accounts/held")).MustBe(204);
        (await host.AsAdminAsync("GET", "/v1/accounts/held")).MustBe(404, "account-unknown");
        Assert.Equal(0L, await Sql.AskAsync<long>(App, "SELECT count(*) FROM account_heads WHERE account_id = 'held'"));
    }

    [Fact]
    public async Task An_account_that_is_deleted_while_things_are_added_is_kept_whole_or_gone_whole()
    {
        for (var round = 0; round < 15; round++)
        {
            var id = $"brief{round}";
            (await host.AsAdminAsync("POST", "/v1/accounts", new { id, name = id })).MustBe(201);
            var adding = new[]
            {
                host.AsAdminAsync("POST", $"/v1/accounts/{id}/references", new { id = "R" }),
                host.AsAdminAsync("POST", $"/v1/accounts/{id}/destinations", new { id = "d", url = $"https://{id}.example" }),
                host.AsAdminAsync("POST", "/v1/keys", new { name = id, scopes = new[] { $"account:{id}" } }),
            };
            var deleted = await host.AsAdminAsync("DELETE", $"/v1/accounts/{id}");
            var added = (await Task.WhenAll(adding)).Count(answer => (int)answer.Status == 201);
            Assert.Equal(added == 0 ? 204 : 409, (int)deleted.Status);
        }
    }

    [Fact]
    public async Task A_change_while_payments_are_taken_loses_no_number()
    {
        await Sql.DoAsync(App, "INSERT INTO psps (id, name, created_at) VALUES ('psp', 'PSP', now())");
        (await host.AsAdminAsync("POST", "/v1/accounts", new { id = "taking", name = "Taking" })).MustBe(201);
        await using var journal = JournalHost.Start(host.Database);
        var takes = Enumerable.Range(0, 200).Select(one => journal.TakeAsync("taking", $"K{one}")).ToList();
        (await host.AsAdminAsync("POST", "/v1/accounts/taking/destinations", new { id = "late", url = "https://late.example" })).MustBe(201);
        (await host.AsAdminAsync("PUT", "/v1/accounts/taking", new { name = "Taking on" })).MustBe(200);
        takes.AddRange(Enumerable.Range(0, 50).Select(one => journal.TakeAsync("taking", $"L{one}")));
        await Task.WhenAll(takes);

        using (var request = new HttpRequestMessage(HttpMethod.Get, "/v1/accounts/taking"))
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", "\"2\"");
            Assert.Equal("250", (await Answered.ReadAsync(await host.Admin.SendAsync(request))).MustBe(200).Field("sequence"));
        }

        Assert.Equal("250", (await host.AsAdminAsync("GET", "/v1/accounts/taking")).Field("sequence"));
        Assert.InRange(await Sql.AskAsync<long>(App, "SELECT count(*) FROM deliveries WHERE account_id = 'taking'"), 50, 250);
        Assert.True(await Sql.AskAsync<bool>(App, "SELECT due_at < 'infinity' FROM agenda JOIN destinations ON key = lane::text WHERE agenda.kind = 'lane' AND destinations.id = 'late'"));
        (await host.AsAdminAsync("DELETE", "/v1/accounts/taking/destinations/late")).MustBe(409, "in-use");
        await JournalHost.AssertLawfulAsync(host.Database);
    }

    private Task<long> HeadAsync(string account) => Sql.AskAsync<long>(App, $"SELECT version FROM account_heads WHERE account_id = '{account}'");
}
