using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Domain;
using MoMo.Storage.Catalog;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Api;

/// <summary>The question before the money moves: may this reference of this account be paid?</summary>
public sealed class ValidationTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const string Welcome = "0";
    private const string Unwelcome = "C2B00012";
    private const string Unsure = "C2B00016";

    [Fact]
    public async Task The_account_is_asked_for_what_it_did_not_register()
    {
        fixture.Server.Know("/lookup/shop", "known");
        await fixture.Hub.AddAccountAsync("shop", fixture.Server.UrlOf("/lookup/shop").ToString());
        await fixture.Hub.AddReferenceAsync("shop", "registered");
        var path = await AddAsync(fixture.Hub, "shop-psp", [new { rule = "account#reference" }, new { rule = "shortcode", accounts = new Dictionary<string, string> { ["s600"] = "shop", ["s601"] = "acme" } }]);
        Assert.Equal(Welcome, await AskAsync(fixture.Silo, path, "known", "s600"));
        Assert.Equal(Welcome, await AskAsync(fixture.Silo, path, "Registered", "s600"));
        Assert.Equal(Welcome, await AskAsync(fixture.Silo, path, "shop # known"));
        Assert.Equal(Welcome, await AskAsync(fixture.Silo, path, "shop"));
        Assert.Equal(Unwelcome, await AskAsync(fixture.Silo, path, "stranger", "s600"));
        Assert.Equal(Unwelcome, await AskAsync(fixture.Silo, path, "shop#stranger"));
        // Who has no lookup URL is asked nothing.
        Assert.Equal(Welcome, await AskAsync(fixture.Silo, path, "stranger", "s601"));
        fixture.Server.Hang("/lookup/shop");
        Assert.Equal(Unsure, await AskAsync(fixture.Silo, path, "somebody", "s600"));
        Assert.Equal(Welcome, await AskAsync(fixture.Silo, path, "registered", "s600"));

        // Money that moved all the same is the account's.
        Assert.Equal(200, (await SendAsync(fixture.Silo, $"{path}/confirmation", "stranger", "s600")).Status);
        Assert.Equal(1, await fixture.CountAsync("payments WHERE psp_id = 'shop-psp' AND account_id = 'shop' AND reference_id = 'stranger'"));
    }

    [Fact]
    public async Task Without_the_database_the_PSP_is_answered_in_its_words_as_configured()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        var to = new NpgsqlConnectionStringBuilder(database.AppConnectionString);
        var server = new UnixDomainSocketEndPoint($"{to.Host}/.s.PGSQL.{to.Port}");
        await using var wire = new CutProxy(server);
        (to.Host, to.Port) = (wire.Url.Host, wire.Url.Port);
        await using var silo = await SiloHost.StartAsync(database, ("MoMo:Database:ConnectionString", to.ConnectionString));
        await silo.Hub.AddAccountAsync("acme");
        var path = await AddAsync(silo.Hub, "p", null);
        Assert.Equal(Welcome, await AskAsync(silo, path, "acme"));

        wire.LeadTo(null);
        wire.Cut();
        ((HubDirectory)silo.Services.GetRequiredService<IDirectory>()).Forget(); // as half a minute would
        Assert.Equal(Unsure, await AskAsync(silo, path, "acme"));
        Assert.StartsWith("503 {\"ResultCode\":1", (await SendAsync(silo, $"{path}/confirmation", "acme")).ToString(), StringComparison.Ordinal);
        Assert.Equal(404, (await SendAsync(silo, $"{path}x/confirmation", "acme")).Status);

        wire.LeadBackTo(server);
        await Eventually.TrueAsync(async () => await AskAsync(silo, path, "acme") == Welcome, () => "the database to be found again");
    }

    private static async Task<string> AddAsync(HubClient hub, string id, object[]? rules)
    {
        await hub.AddPspAsync(id);
        var made = await hub.AddAdapterAsync(id, id, "mpesa-c2b", new { addresses = new[] { "127.0.0.1" }, when_unsure = "refuse" }, rules);
        return made.GetProperty("callback_path").GetString()!;
    }

    private static async Task<string?> AskAsync(SiloHost silo, string path, string typed, string shortcode = "1")
    {
        var answer = await SendAsync(silo, $"{path}/validation", typed, shortcode);
        Assert.True(answer.Status == 200, answer.ToString());
        return answer.Text("ResultCode");
    }

    private static async Task<HubAnswer> SendAsync(SiloHost silo, string to, string typed, string shortcode = "1")
    {
        var body = JsonSerializer.Serialize(
            new { TransID = "V1", TransTime = "20260314151617", TransAmount = "5.00", BusinessShortCode = shortcode, BillRefNumber = typed });
        using var stranger = silo.As(null);
        using var content = HubClient.Json(body);
        return await stranger.SendAsync(HttpMethod.Post, to, content);
    }
}
