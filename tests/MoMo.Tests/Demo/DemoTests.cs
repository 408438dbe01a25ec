using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Silo.Demo;
using MoMo.Tests.Support;

namespace MoMo.Tests.Demo;

public sealed class DemoTests
{
    private static readonly (string Name, string Value)[] Settings =
    [
        ("MoMo:Demo", "true"), ("MoMo:DemoOptions:Port", "0"), ("MoMo:DemoOptions:Every", "00:00:00.02"),
        ("MoMo:SecretKeys:0", "test:" + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
    ];

    [Fact]
    public async Task It_pays_delivers_fails_and_tries_again_and_a_second_start_adds_nothing()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        string[] first;
        string key;
        await using (var silo = await SiloHost.StartAsync(database, Settings))
        {
            var page = silo.Services.GetRequiredService<DemoHost>().Page!;
            using var accounts = new HubClient(page, null);
            await SeenAsync(accounts, now =>
                Accounts(now).All(account => account.GetProperty("received").GetInt64() > 0)
                && Accounts(now).Any(account => account.GetProperty("refused").GetInt64() > 0)
                && Events(now).Any(one => one.GetProperty("verdict").GetString() == "new, after a retry"));
            var seen = (await accounts.GetAsync("/events.json")).Json;
            Assert.All(Accounts(seen), account => Assert.Equal(0, account.GetProperty("forged").GetInt64()));
            Assert.Contains("What has arrived", (await accounts.GetAsync("/")).ToString(), StringComparison.Ordinal);
            Assert.Equal(401, (await accounts.PostAsync("/acme", "{}")).Status);
            await Eventually.TrueAsync(
                async () => (await silo.Hub.GetAsync("/v1/suspense")).Json.GetProperty("items").GetArrayLength() > 0, () => "no suspense");
            first = await ThereAsync(silo.Hub);
            key = await silo.Hub.AddKeyAsync("admin");
        }

        await using var again = await SiloHost.StartAsync(database, Settings);
        using var hub = again.As(key);
        Assert.Equal(first, await ThereAsync(hub));
        using var server = new HubClient(again.Services.GetRequiredService<DemoHost>().Page!, null);
        await SeenAsync(server, now => Events(now).Any(one => one.GetProperty("psp").GetString() == "mpesa"));
        var verified = await hub.PostAsync("/v1/verify", "");
        Assert.True(verified.Json.GetProperty("ok").GetBoolean(), verified.ToString());
    }

    [Fact]
    public async Task It_only_adds_to_what_is_there()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        string key;
        await using (var silo = await SiloHost.StartAsync(database, Settings[^1]))
        {
            key = await silo.Hub.AddKeyAsync("admin");
            await silo.Hub.PostAsync("/v1/psps", new { id = "mine", name = "M-Pesa Kenya" });
            await silo.Hub.PostAsync("/v1/accounts", new { id = "acme", name = "My Acme" });
        }

        await using var demo = await SiloHost.StartAsync(database, Settings);
        using var hub = demo.As(key);
        Assert.Equal("My Acme", (await hub.GetAsync("/v1/accounts/acme")).Text("name"));
        Assert.Equal("M-Pesa Kenya (demo)", (await hub.GetAsync("/v1/psps/mpesa")).Text("name"));
    }

    [Fact]
    public async Task Without_it_there_is_nothing_of_it()
    {
        await using var silo = await SiloHost.StartAsync();
        Assert.Null(silo.Services.GetService<DemoHost>());
        Assert.Empty((await silo.Hub.GetAsync("/v1/psps")).Json.GetProperty("items").EnumerateArray());
    }

    private static async Task SeenAsync(HubClient accounts, Func<JsonElement, bool> condition)
    {
        var last = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var now = await accounts.GetAsync("/events.json");
                last = now.ToString();
                return condition(now.Json);
            },
            () => last);
    }

    private static IEnumerable<JsonElement> Accounts(JsonElement seen) => seen.GetProperty("accounts").EnumerateArray();

    private static IEnumerable<JsonElement> Events(JsonElement seen) => seen.GetProperty("events").EnumerateArray();

    /// <summary>All that is configured, by id.</summary>
    private static async Task<string[]> ThereAsync(HubClient hub)
    {
        List<string> there = [];
        foreach (var list in (string[])["psps", "adapters", "accounts", "accounts/acme/references", "accounts/acme/destinations", "accounts/solar-one/destinations"])
        {
            var items = (await hub.GetAsync($"/v1/{list}")).Json.GetProperty("items").EnumerateArray();
            there.AddRange(items.Select(one => $"{list}/{one.GetProperty("id").GetString()}"));
        }

        Assert.True(there.Count >= 14, string.Join(' ', there));
        return [.. there];
    }
}
