using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

public sealed class AdapterTests(ManagementHost host) : IClassFixture<ManagementHost>, IAsyncLifetime
{
    private string App => host.Database.AppConnectionString;

    public async Task InitializeAsync() => await host.AsAdminAsync("POST", "/v1/psps", new { id = "mpesa", name = "M-Pesa" });

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_adapter_is_created_read_changed_and_deleted()
    {
        var body = """{"id":"a1","name":"A1","psp":"mpesa","settings":{"x":1},"rules":[{"rule":"account"},{"rule":"reference"}]}""";
        var created = (await host.AsAdminAsync("POST", "/v1/adapters", body)).MustBe(201);
        Assert.Equal(("json", "new", """{"x":1}""", null), (created.Field("format"), created.Field("state"), created.Field("settings"), created.Field("callback_path")));
        Assert.Equal(2, created.Json.GetProperty("rules").GetArrayLength());
        Assert.Equal(created.Text, (await host.AsAdminAsync("GET", "/v1/adapters/a1")).MustBe(200).Text);

        var changed = (await host.AsAdminAsync("PUT", "/v1/adapters/a1", new { name = "A one", psp = "mpesa", archived = true }, "\"1\"")).MustBe(200);
        Assert.Equal(("A one", null, null, "2"), (changed.Field("name"), changed.Field("settings"), changed.Field("rules"), changed.Field("version")));
        (await host.AsAdminAsync("PUT", "/v1/adapters/a1", new { name = "A one", psp = "other" })).MustBe(422, "psp-fixed");
        (await host.AsAdminAsync("PUT", "/v1/adapters/a1", new { name = "A one", psp = "mpesa" }, "\"1\"")).MustBe(412, "etag-mismatch");
        (await host.AsAdminAsync("POST", "/v1/adapters/a1/register", new { })).MustBe(422, "adapter-archived");
        (await host.AsAdminAsync("DELETE", "/v1/adapters/a1", null, "\"1\"")).MustBe(412, "etag-mismatch");
        (await host.AsAdminAsync("DELETE", "/v1/adapters/a1")).MustBe(204);
        (await host.AsAdminAsync("GET", "/v1/adapters/a1")).MustBe(404, "adapter-unknown");
        Assert.Equal(0L, await Sql.AskAsync<long>(App, "SELECT count(*) FROM agenda WHERE key = 'a1'"));
    }

    [Fact]
    public async Task All_faults_are_named_at_once()
    {
        var refused = (await host.AsAdminAsync(
            "POST", "/v1/adapters", """{"format":"telepathy","rules":[{"rule":"account"},{"rule":"guess"},{"rule":"shortcode"}]}""")).MustBe(422, "fields-invalid");
        Assert.Equal("format id name psp rules[1] rules[2]", refused.Faults);
        Assert.Equal("settings", (await host.AsAdminAsync("POST", "/v1/adapters", """{"id":"s","name":"S","psp":"mpesa","settings":[1]}""")).MustBe(422, "settings-malformed").Faults);
        Assert.Equal("rules", (await host.AsAdminAsync("POST", "/v1/adapters", """{"id":"s","name":"S","psp":"mpesa","rules":[]}""")).MustBe(422, "rules-malformed").Faults);
        Assert.Equal("psp", (await host.AsAdminAsync("POST", "/v1/adapters", new { id = "s", name = "S", psp = "nobody" })).MustBe(422, "psp-unknown").Faults);
    }

    [Fact]
    public async Task An_mpesa_adapter_gets_a_secret_callback_path_that_is_shown_once()
    {
        var created = (await host.AsAdminAsync("POST", "/v1/adapters", new { id = "c2b", name = "C2B", psp = "mpesa", format = "mpesa-c2b" })).MustBe(201);
        var path = created.Field("callback_path")!;
        Assert.StartsWith("/v1/callbacks/c2b/", path, StringComparison.Ordinal);
        var secret = path["/v1/callbacks/c2b/".Length..];
        Assert.Equal(32, secret.Length);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), await Sql.AskAsync<byte[]>(App, "SELECT callback_secret FROM adapters WHERE id = 'c2b'"));
        Assert.Null((await host.AsAdminAsync("GET", "/v1/adapters/c2b")).Field("callback_path"));

        var renamed = await host.AsAdminAsync("PUT", "/v1/adapters/c2b", new { name = "C2B 2", psp = "mpesa", format = "mpesa-c2b" });
        Assert.Null(renamed.MustBe(200).Field("callback_path"));
        Assert.Equal(32, (await Sql.AskAsync<byte[]>(App, "SELECT callback_secret FROM adapters WHERE id = 'c2b'")).Length);
        // A format that is not said stays, and so does the path that the PSP calls.
        var kept = (await host.AsAdminAsync("PUT", "/v1/adapters/c2b", new { name = "C2B 2", psp = "mpesa" })).MustBe(200);
        Assert.Equal("mpesa-c2b", kept.Field("format"));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), await Sql.AskAsync<byte[]>(App, "SELECT callback_secret FROM adapters WHERE id = 'c2b'"));
        (await host.AsAdminAsync("PUT", "/v1/adapters/none", new { name = "C2B 2", psp = "mpesa" })).MustBe(404, "adapter-unknown");
        (await host.AsAdminAsync("PUT", "/v1/adapters/c2b", new { name = "C2B 2", psp = "mpesa", format = "json" })).MustBe(200);
        var again = await host.AsAdminAsync("PUT", "/v1/adapters/c2b", new { name = "C2B 2", psp = "mpesa", format = "mpesa-c2b" });
        Assert.NotEqual(path, again.MustBe(200).Field("callback_path"));
    }

    [Fact]
    public async Task An_adapter_that_brought_payments_or_files_can_not_be_deleted()
    {
        await Sql.DoAsync(App, "INSERT INTO accounts (id, name, created_at) VALUES ('a0', 'A0', now()); INSERT INTO account_heads VALUES ('a0'); INSERT INTO psps VALUES ('psp', 'PSP', false, 1, now())");
        foreach (var id in new[] { "paid", "filed", "idle" })
            (await host.AsAdminAsync("POST", "/v1/adapters", new { id, name = id, psp = "psp" })).MustBe(201);
        await using var journal = JournalHost.Start(host.Database);
        await journal.TakeAsync("a0", "R1", adapter: "paid");
        await Sql.DoAsync(App, "INSERT INTO files (id, adapter_id, sha256, size, packs, received_at) VALUES (gen_random_uuid(), 'filed', '\\x00', 1, '{}', now())");

        Assert.Contains("payments", (await host.AsAdminAsync("DELETE", "/v1/adapters/paid")).MustBe(409, "in-use").Field("detail"), StringComparison.Ordinal);
        Assert.Contains("files", (await host.AsAdminAsync("DELETE", "/v1/adapters/filed")).MustBe(409, "in-use").Field("detail"), StringComparison.Ordinal);
        (await host.AsAdminAsync("DELETE", "/v1/adapters/idle")).MustBe(204);
    }

    [Fact]
    public async Task An_adapter_registers_beats_and_says_how_it_is()
    {
        foreach (var id in new[] { "alive", "silent" })
            (await host.AsAdminAsync("POST", "/v1/adapters", new { id, name = id, psp = "mpesa" })).MustBe(201);
        using var own = await host.ClientAsync("adapter:alive");
        using var any = await host.ClientAsync("adapter");

        var up = (await ManagementHost.SendAsync(own, "POST", "/v1/adapters/alive/register", new { lease_seconds = 30 })).MustBe(200);
        Assert.Equal(("up", host.Clock.GetUtcNow().AddSeconds(30)), (up.Field("state"), DateTimeOffset.Parse(up.Field("lease_until")!, CultureInfo.InvariantCulture)));
        (await ManagementHost.SendAsync(own, "POST", "/v1/adapters/alive/heartbeat", new { })).MustBe(200);
        var down = (await ManagementHost.SendAsync(any, "POST", "/v1/adapters/alive/state", new { state = "down", detail = "PSP maintenance" })).MustBe(200);
        Assert.Equal(("down", "PSP maintenance", null, "1"), (down.Field("state"), down.Field("state_detail"), down.Field("lease_until"), down.Field("version")));

        (await ManagementHost.SendAsync(own, "POST", "/v1/adapters/silent/register", new { })).MustBe(404, "adapter-unknown");
        (await ManagementHost.SendAsync(any, "POST", "/v1/adapters/none/register", new { })).MustBe(404, "adapter-unknown");
        (await ManagementHost.SendAsync(own, "GET", "/v1/adapters/alive")).MustBe(403, "forbidden");
        var refused = (await ManagementHost.SendAsync(own, "POST", "/v1/adapters/alive/state", new { lease_seconds = 4, detail = new string('x', 501) })).MustBe(422, "fields-invalid");
        Assert.Equal("detail lease_seconds state", refused.Faults);
        (await host.AsAdminAsync("DELETE", "/v1/adapters/alive")).MustBe(409, "in-use");
    }
}
