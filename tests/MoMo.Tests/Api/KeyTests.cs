using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

public sealed class KeyTests(ManagementHost host) : IClassFixture<ManagementHost>, IAsyncLifetime
{
    public async Task InitializeAsync() => await host.AsAdminAsync("POST", "/v1/accounts", new { id = "acme", name = "Acme" });

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_key_is_shown_once_and_only_its_hash_is_kept()
    {
        var created = (await host.AsAdminAsync("POST", "/v1/keys", new { name = "Shop", scopes = new[] { "account:ACME", "adapter", "adapter" } })).MustBe(201);
        var (id, key) = (created.Field("id")!, created.Field("key")!);
        Assert.Matches($"^momo_{id}_[A-Za-z0-9_-]{{43}}$", key);
        Assert.Equal("""["account:acme","adapter"]""", created.Field("scopes"));
        Assert.True(created.Message.Headers.CacheControl!.NoStore);

        var read = (await host.AsAdminAsync("GET", $"/v1/keys/{id}")).MustBe(200);
        Assert.Null(read.Field("key"));
        Assert.DoesNotContain(key[^43..], (await host.AsAdminAsync("GET", "/v1/keys?limit=500")).Text, StringComparison.Ordinal);
        Assert.Equal(32, (await Sql.AskAsync<byte[]>(host.Database.AppConnectionString, $"SELECT secret_sha256 FROM api_keys WHERE id = '{id}'")).Length);
        (await host.AsAdminAsync("POST", "/v1/keys", new { name = "Shop", scopes = new[] { "adapter" } })).MustBe(409, "name-taken");
    }

    [Fact]
    public async Task Faults_are_named()
    {
        Assert.Equal("name scopes", (await host.AsAdminAsync("POST", "/v1/keys", new { })).MustBe(422, "fields-invalid").Faults);
        (await host.AsAdminAsync("POST", "/v1/keys", new { name = "k", scopes = new[] { "root" } })).MustBe(422, "scope-malformed");
        (await host.AsAdminAsync("POST", "/v1/keys", """{"name":"k","scopes":[null]}""")).MustBe(422, "scope-malformed");
        (await host.AsAdminAsync("POST", "/v1/keys", new { name = "k", scopes = new[] { "account:nobody" } })).MustBe(422, "account-unknown");
        (await host.AsAdminAsync("POST", "/v1/keys", new { name = "k", scopes = new[] { "adapter:none" } })).MustBe(422, "adapter-unknown");
        (await host.AsAdminAsync("GET", "/v1/keys/none")).MustBe(404, "key-unknown");
        (await host.AsAdminAsync("DELETE", "/v1/keys/none")).MustBe(404, "key-unknown");
    }

    [Fact]
    public async Task A_key_has_one_adapter_of_a_PSP()
    {
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "two-ways", name = "Two ways" })).MustBe(201);
        foreach (var id in (string[])["way-1", "way-2"]) (await host.AsAdminAsync("POST", "/v1/adapters", new { id, name = id, psp = "two-ways", format = "json" })).MustBe(201);
        var both = new { name = "both", scopes = new[] { "adapter:way-1", "adapter:way-2" } };
        Assert.Equal("scopes", (await host.AsAdminAsync("POST", "/v1/keys", both)).MustBe(422, "adapter-ambiguous").Faults);
        (await host.AsAdminAsync("POST", "/v1/keys", new { name = "one", scopes = new[] { "adapter:way-1", "adapter:way-1" } })).MustBe(201);
    }

    [Fact]
    public async Task An_adapter_stays_archived_while_a_key_has_another_one_of_its_PSP()
    {
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "back", name = "Back" })).MustBe(201);
        foreach (var id in (string[])["back-1", "back-2", "back-3"])
            (await host.AsAdminAsync("POST", "/v1/adapters", new { id, name = id, psp = "back", archived = id != "back-1" })).MustBe(201);
        var both = (await host.NewKeyAsync("adapter:back-1", "adapter:back-2")).GetProperty("id").GetString()!;
        await host.NewKeyAsync("adapter:back-3");
        await host.NewKeyAsync("adapter");

        var refused = (await host.AsAdminAsync("PUT", "/v1/adapters/back-2", new { name = "back-2", psp = "back" })).MustBe(409, "key-ambiguous");
        Assert.Contains($"'{both}'", refused.Field("detail"), StringComparison.Ordinal);
        (await host.AsAdminAsync("PUT", "/v1/adapters/back-2", new { name = "back two", psp = "back", archived = true })).MustBe(200);
        (await host.AsAdminAsync("PUT", "/v1/adapters/back-3", new { name = "back-3", psp = "back" })).MustBe(200);

        (await host.AsAdminAsync("DELETE", $"/v1/keys/{both}")).MustBe(204);
        (await host.AsAdminAsync("PUT", "/v1/adapters/back-2", new { name = "back-2", psp = "back" })).MustBe(200);
    }

    [Fact]
    public async Task Two_adapters_of_a_key_do_not_come_out_of_the_archive_at_once()
    {
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "twins", name = "Twins" })).MustBe(201);
        foreach (var id in (string[])["twin-1", "twin-2"])
            (await host.AsAdminAsync("POST", "/v1/adapters", new { id, name = id, psp = "twins", archived = true })).MustBe(201);
        await host.NewKeyAsync("adapter:twin-1", "adapter:twin-2");
        for (var round = 0; round < 10; round++)
        {
            var answers = await Task.WhenAll(new[] { "twin-1", "twin-2" }.Select(
                id => host.AsAdminAsync("PUT", $"/v1/adapters/{id}", new { name = id, psp = "twins" })));
            Assert.Equal([200, 409], answers.Select(answer => (int)answer.Status).Order());
            foreach (var id in (string[])["twin-1", "twin-2"])
                (await host.AsAdminAsync("PUT", $"/v1/adapters/{id}", new { name = id, psp = "twins", archived = true })).MustBe(200);
        }
    }

    [Fact]
    public async Task Whoever_has_no_valid_key_gets_401_and_learns_nothing()
    {
        var key = (await host.NewKeyAsync("admin")).GetProperty("key").GetString()!;
        var other = key[..^43] + new string('A', 43);
        string?[] wrong = [null, "momo_", "nonsense", other, key + "A", key[..^1], $"momo_aaaaaaaaaaaa_{key[^43..]}", $"momo_AAAAAAAAAAAA_{key[^43..]}"];
        foreach (var text in wrong)
        {
            using var client = host.Client(text);
            var answer = (await ManagementHost.SendAsync(client, "GET", "/v1/psps")).MustBe(401, "unauthenticated");
            Assert.Equal("Bearer", answer.Message.Headers.WwwAuthenticate.ToString());
        }

        using var basic = host.Anyone;
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", key);
        (await ManagementHost.SendAsync(basic, "GET", "/v1/psps")).MustBe(401, "unauthenticated");
        using var right = host.Client(key);
        (await ManagementHost.SendAsync(right, "GET", "/v1/psps")).MustBe(200);
    }

    [Fact]
    public async Task A_deleted_key_is_refused_here_at_once_and_soon_by_other_silos()
    {
        var other = await host.StartAnotherAsync();
        try
        {
            var key = await host.NewKeyAsync("admin");
            using var here = host.Client(key.GetProperty("key").GetString());
            using var there = other.Client(key.GetProperty("key").GetString());
            (await ManagementHost.SendAsync(here, "GET", "/v1/psps")).MustBe(200);
            (await ManagementHost.SendAsync(there, "GET", "/v1/psps")).MustBe(200);
            await using var listener = await Heard.ListenAsync(host.Database);

            (await host.AsAdminAsync("DELETE", $"/v1/keys/{key.GetProperty("id")}")).MustBe(204);

            (await ManagementHost.SendAsync(here, "GET", "/v1/psps")).MustBe(401);
            await listener.TakeAsync($"key:{key.GetProperty("id")}", 1);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            while ((await ManagementHost.SendAsync(there, "GET", "/v1/psps")).Status != HttpStatusCode.Unauthorized) patience.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_key_needs_the_database_once_in_thirty_seconds_unless_a_change_of_it_is_heard_of()
    {
        var id = (await host.NewKeyAsync("admin")).GetProperty("id").GetString()!;
        var store = host.Services.GetRequiredService<KeyStore>();
        var known = new KnownKeys(store, host.Clock); // hears of nothing by itself
        var told = new KnownKeys(store, host.Clock);
        Assert.NotNull(await known.FindAsync(id, CancellationToken.None));
        Assert.NotNull(await told.FindAsync(id, CancellationToken.None));
        (await host.AsAdminAsync("DELETE", $"/v1/keys/{id}")).MustBe(204);

        told.Forget("psp:other");
        Assert.True(told.TryFind(id, out _));
        told.Forget($"key:{id}");
        Assert.False(told.TryFind(id, out _));
        Assert.Null(await told.FindAsync(id, CancellationToken.None));

        Assert.True(known.TryFind(id, out var still));
        Assert.NotNull(still);
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.False(known.TryFind(id, out _));
        Assert.Null(await known.FindAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task Guessed_ids_do_not_push_out_a_key_that_is_known()
    {
        var id = (await host.NewKeyAsync("admin")).GetProperty("id").GetString()!;
        var known = new KnownKeys(host.Services.GetRequiredService<KeyStore>(), host.Clock);
        Assert.NotNull(await known.FindAsync(id, CancellationToken.None));
        Assert.Null(await known.FindAsync("guess-0", CancellationToken.None));
        Assert.True(known.TryFind("guess-0", out var none));
        Assert.Null(none);
        for (var guess = 1; guess <= 10_000; guess++) Assert.Null(await known.FindAsync($"guess-{guess}", CancellationToken.None));
        Assert.False(known.TryFind("guess-0", out _)); // too many: the guesses are forgotten, the key is not
        Assert.True(known.TryFind(id, out var still));
        Assert.NotNull(still);
    }

    [Fact]
    public async Task Many_first_requests_of_one_key_are_all_answered()
    {
        using var client = await host.ClientAsync("admin");
        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ManagementHost.SendAsync(client, "GET", "/v1/psps?limit=1")));
            Assert.All(answers, answer => answer.MustBe(200));
            host.Clock.Advance(TimeSpan.FromSeconds(31));
        }
    }

    [Fact]
    public async Task The_last_use_is_recorded_once_a_minute()
    {
        var key = await host.NewKeyAsync("admin");
        using var client = host.Client(key.GetProperty("key").GetString());
        var path = $"/v1/keys/{key.GetProperty("id")}";
        (await ManagementHost.SendAsync(client, "GET", "/v1/psps")).MustBe(200);
        var first = await LastUseAsync(path, null);

        host.Clock.Advance(TimeSpan.FromSeconds(20));
        (await ManagementHost.SendAsync(client, "GET", "/v1/psps")).MustBe(200);
        host.Clock.Advance(TimeSpan.FromSeconds(50));
        (await ManagementHost.SendAsync(client, "GET", "/v1/psps")).MustBe(200);
        var second = await LastUseAsync(path, first);
        Assert.Equal(TimeSpan.FromSeconds(70), second - first);
    }

    [Fact]
    public async Task Scopes_open_what_they_name_and_nothing_else()
    {
        using var account = await host.ClientAsync("account:acme");
        using var adapter = await host.ClientAsync("adapter");
        foreach (var list in new[] { "/v1/psps", "/v1/adapters", "/v1/accounts", "/v1/keys" })
        {
            (await ManagementHost.SendAsync(account, "GET", list)).MustBe(403, "forbidden");
            (await ManagementHost.SendAsync(adapter, "GET", list)).MustBe(403, "forbidden");
        }

        (await ManagementHost.SendAsync(account, "GET", "/v1/accounts/Acme")).MustBe(200);
        (await ManagementHost.SendAsync(account, "PUT", "/v1/accounts/acme", new { name = "Mine" })).MustBe(403, "forbidden");
        (await ManagementHost.SendAsync(adapter, "GET", "/v1/accounts/acme")).MustBe(403, "forbidden");
        (await ManagementHost.SendAsync(account, "POST", "/v1/adapters/x/register", new { })).MustBe(403, "forbidden");
    }

    private async Task<DateTimeOffset> LastUseAsync(string path, DateTimeOffset? before)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            var answer = await host.AsAdminAsync("GET", path);
            if (answer.Json.TryGetProperty("last_used_at", out var used) && used.GetDateTimeOffset() != before) return used.GetDateTimeOffset();
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
