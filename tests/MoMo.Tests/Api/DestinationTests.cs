using MoMo.Domain.Deliveries;
using MoMo.Storage.Management;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

public sealed class DestinationTests(ManagementHost host) : IClassFixture<ManagementHost>, IAsyncLifetime
{
    private const string Path = "/v1/accounts/acme/destinations";

    private string App => host.Database.AppConnectionString;

    public async Task InitializeAsync() => await host.AsAdminAsync("POST", "/v1/accounts", new { id = "acme", name = "Acme" });

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_destination_gets_a_sealed_secret_that_is_shown_once_and_a_lane()
    {
        var created = (await host.AsAdminAsync("POST", Path, new { id = "main", url = "https://acme.example/hook" })).MustBe(201);
        Assert.NotNull(WebhookSecret.Parse(created.Field("secret")).Accepted);
        Assert.Equal(("webhook", "acme", "False"), (created.Field("kind"), created.Field("account_id"), created.Field("paused")));
        Assert.StartsWith("sealed destination:acme/main ", await Sql.AskAsync<string>(App, "SELECT secret FROM destinations WHERE id = 'main'"), StringComparison.Ordinal);
        Assert.Equal("infinity", await DueAsync("main"));

        var read = (await host.AsAdminAsync("GET", $"{Path}/main")).MustBe(200);
        Assert.Null(read.Field("secret"));
        Assert.DoesNotContain("secret", (await host.AsAdminAsync("GET", Path)).MustBe(200).Text, StringComparison.Ordinal);
        (await host.AsAdminAsync("POST", Path, new { id = "main", url = "https://acme.example/2" })).MustBe(409, "id-taken");
        Assert.Equal("url", (await host.AsAdminAsync("POST", Path, new { id = "second", url = "https://ACME.example/hook" })).MustBe(409, "url-taken").Faults);
    }

    [Fact]
    public async Task Faults_are_named()
    {
        var refused = (await host.AsAdminAsync("POST", Path, new { id = "A B", kind = "pigeon", url = "http://user:pass@x" })).MustBe(422, "fields-invalid");
        Assert.Equal("id kind url", refused.Faults);
        (await host.AsAdminAsync("POST", Path, new { id = "a" })).MustBe(422, "url-malformed");
        (await host.AsAdminAsync("POST", "/v1/accounts/nobody/destinations", new { id = "a", url = "https://n.example" })).MustBe(404, "account-unknown");
        (await host.AsAdminAsync("GET", "/v1/accounts/nobody/destinations")).MustBe(404, "account-unknown");
        (await host.AsAdminAsync("GET", $"{Path}/none")).MustBe(404, "destination-unknown");
    }

    [Fact]
    public async Task Every_change_makes_the_actor_reload_and_letting_go_on_makes_the_lane_due()
    {
        var before = await HeadAsync();
        (await host.AsAdminAsync("POST", Path, new { id = "pausing", url = "https://pausing.example", paused = true })).MustBe(201);
        Assert.Equal(before + 1, await HeadAsync());
        await Sql.DoAsync(App, "UPDATE destinations SET paused_reason = 'gone' WHERE id = 'pausing'");

        var changed = (await host.AsAdminAsync("PUT", $"{Path}/pausing", new { url = "https://pausing.example/2", paused = false }, "\"1\"")).MustBe(200);
        Assert.Equal(("https://pausing.example/2", null, "2"), (changed.Field("url"), changed.Field("paused_reason"), changed.Field("version")));
        Assert.Equal(before + 2, await HeadAsync());
        Assert.NotEqual("infinity", await DueAsync("pausing"));
        (await host.AsAdminAsync("PUT", $"{Path}/pausing", new { url = "https://x.example" }, "\"1\"")).MustBe(412, "etag-mismatch");

        (await host.AsAdminAsync("DELETE", $"{Path}/pausing")).MustBe(204);
        Assert.Equal(before + 3, await HeadAsync());
        Assert.Equal(0L, await Sql.AskAsync<long>(App, "SELECT count(*) FROM agenda a WHERE kind = 'lane' AND NOT EXISTS (SELECT FROM destinations WHERE lane::text = a.key)"));
    }

    [Fact]
    public async Task A_destination_that_deliveries_wait_for_can_not_be_deleted()
    {
        (await host.AsAdminAsync("POST", Path, new { id = "waiting", url = "https://waiting.example" })).MustBe(201);
        await Sql.DoAsync(App, """
            INSERT INTO delivery_rows (id, lane, payment_id, account_id, sequence, due_at, created_at)
            SELECT gen_random_uuid(), lane, gen_random_uuid(), 'acme', 1, now(), now() FROM destinations WHERE id = 'waiting'
            """);
        (await host.AsAdminAsync("DELETE", $"{Path}/waiting")).MustBe(409, "in-use");
        await Sql.DoAsync(App, "UPDATE delivery_rows SET state = 'delivered'");
        (await host.AsAdminAsync("DELETE", $"{Path}/waiting")).MustBe(204);
        Assert.Equal(1L, await Sql.AskAsync<long>(App, "SELECT count(*) FROM deliveries WHERE sequence = 1"));
    }

    [Fact]
    public async Task Dead_letters_hold_a_destination_until_they_are_given_up()
    {
        const string count = "SELECT count(*) FROM delivery_rows WHERE sequence = 9 AND state = 'dead'";
        (await host.AsAdminAsync("POST", Path, new { id = "dead", url = "https://dead.example" })).MustBe(201);
        (await host.AsAdminAsync("POST", Path, new { id = "well", url = "https://well.example" })).MustBe(201);
        await AddDeadAsync(1_234);
        using var own = await host.ClientAsync("account:acme");
        var held = (await ManagementHost.SendAsync(own, "DELETE", $"{Path}/dead")).MustBe(409, "dead-letters");
        Assert.Contains("has 1,234 dead letters", held.Text, StringComparison.Ordinal);
        Assert.Contains("dead_letters=give_up", held.Text, StringComparison.Ordinal);
        await AddDeadAsync(DestinationStore.DeadCountMax);
        Assert.Contains("has more than 10,000 dead letters", (await host.AsAdminAsync("DELETE", $"{Path}/dead")).MustBe(409, "dead-letters").Text, StringComparison.Ordinal);
        Assert.Equal("dead_letters", (await host.AsAdminAsync("DELETE", $"{Path}/dead?dead_letters=forget")).MustBe(400, "query-malformed").Faults);
        (await host.AsAdminAsync("GET", $"{Path}/dead")).MustBe(200);

        // Those of one destination hold no other; and what still waits holds it all the same.
        (await host.AsAdminAsync("DELETE", $"{Path}/well")).MustBe(204);
        await Sql.DoAsync(App, "UPDATE delivery_rows SET state = 'pending' WHERE id = (SELECT id FROM delivery_rows WHERE sequence = 9 LIMIT 1)");
        (await host.AsAdminAsync("DELETE", $"{Path}/dead?dead_letters=give_up")).MustBe(409, "in-use");
        await Sql.DoAsync(App, "UPDATE delivery_rows SET state = 'dead' WHERE sequence = 9");
        (await ManagementHost.SendAsync(own, "DELETE", $"{Path}/dead?dead_letters=give_up")).MustBe(204);
        Assert.Equal(DestinationStore.DeadCountMax + 1_234L, await Sql.AskAsync<long>(App, count));

        Task AddDeadAsync(int many) => Sql.DoAsync(App, $"""
            INSERT INTO delivery_rows (id, lane, payment_id, account_id, sequence, due_at, created_at, state)
            SELECT gen_random_uuid(), lane, gen_random_uuid(), 'acme', 9, now(), now(), 'dead' FROM destinations, generate_series(1, {many}) WHERE id = 'dead'
            """);
    }

    [Fact]
    public async Task What_is_pending_at_a_paused_destination_can_be_given_up_with_it()
    {
        (await host.AsAdminAsync("POST", Path, new { id = "left", url = "https://left.example" })).MustBe(201);
        await Sql.DoAsync(App, """
            INSERT INTO delivery_rows (id, lane, payment_id, account_id, sequence, due_at, created_at, waits)
            SELECT gen_random_uuid(), lane, gen_random_uuid(), 'acme', 19, now(), now(), n = 1 FROM destinations, generate_series(1, 2) n WHERE id = 'left'
            """);
        var held = (await host.AsAdminAsync("DELETE", $"{Path}/left?dead_letters=give_up")).MustBe(409, "in-use");
        Assert.Contains("of a paused one they can be given up", held.Text, StringComparison.Ordinal);
        await Sql.DoAsync(App, "UPDATE destinations SET paused = true WHERE id = 'left'");
        (await host.AsAdminAsync("DELETE", $"{Path}/left")).MustBe(409, "in-use");
        (await host.AsAdminAsync("DELETE", $"{Path}/left?dead_letters=give_up")).MustBe(204);
        Assert.Equal(2L, await Sql.AskAsync<long>(
            App, "SELECT count(*) FROM deliveries WHERE sequence = 19 AND state = 'dead' AND last_error = 'Given up with its destination.'"));
    }

    [Fact]
    public async Task An_account_has_twenty_destinations_at_most()
    {
        (await host.AsAdminAsync("POST", "/v1/accounts", new { id = "many", name = "Many" })).MustBe(201);
        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(
            one => host.AsAdminAsync("POST", "/v1/accounts/many/destinations", new { id = $"d{one}", url = $"https://many.example/{one}" })));
        Assert.Equal(20, answers.Count(answer => (int)answer.Status == 201));
        Assert.All(answers.Where(answer => (int)answer.Status != 201), answer => answer.MustBe(409, "destinations-full"));
    }

    private Task<long> HeadAsync() => Sql.AskAsync<long>(App, "SELECT version FROM account_heads WHERE account_id = 'acme'");

    private Task<string> DueAsync(string destination) => Sql.AskAsync<string>(
        App, $"SELECT a.due_at::text FROM agenda a JOIN destinations d ON a.key = d.lane::text WHERE a.kind = 'lane' AND d.id = '{destination}'");
}
