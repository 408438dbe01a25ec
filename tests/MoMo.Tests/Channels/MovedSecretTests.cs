using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>A channel's secret goes to the server that it was given for: who moves the channel must know the secret.</summary>
public sealed class MovedSecretTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    private const string Host = """ "host":"a.example","user":"u","path":"/" """;
    private const string Pages = """ "url":"https://a.example/t/{from}/{to}","auth":""";

    public static IEnumerable<object?[]> Moves { get; } =
    [
        ["sftp", $$"""{{{Host}}}""", """{"host":"b.example","user":"u","path":"/"}""", "host leads to sftp://b.example:22"],
        ["sftp", $$"""{{{Host}}}""", $$"""{{{Host}},"port":2222}""", "host leads to sftp://a.example:2222"],
        ["sftp", $$"""{{{Host}}}""", """{"host":"A.example","port":22,"user":"u","path":"/other"}""", null],
        // The same server, spelled otherwise; and an address that is another server in another network.
        ["sftp", """{"host":"2001:db8:0:0::1","user":"u","path":"/"}""", """{"host":"2001:DB8::1","user":"u","path":"/"}""", null],
        ["sftp", """{"host":"fe80::1%1","user":"u","path":"/"}""", """{"host":"fe80::1%2","user":"u","path":"/"}""", "host leads to sftp://[fe80::1%2]:22"],
        [
            "poll", """{"url":"https://b\u00fccher.example/{from}/{to}","auth":"bearer"}""", """{"url":"https://xn--bcher-kva.EXAMPLE/{from}/{to}","auth":"bearer"}""",
            null,
        ],
        ["ftp", $$"""{{{Host}}}""", $$"""{{{Host}},"tls":"none"}""", "host leads to ftp://a.example"],
        ["ftp", $$"""{{{Host}}}""", $$"""{{{Host}},"tls":"implicit"}""", "host leads to ftps://a.example:990"],
        ["imap", """{"host":"a.example","user":"u"}""", """{"host":"a.example","user":"u","tls":"starttls","port":993}""", null],
        ["imap", """{"host":"a.example","user":"u"}""", """{"host":"a.example","user":"u","tls":"none","port":993}""", "host leads to imap://a.example:993"],
        ["poll", $$"""{{{Pages}}"bearer"}""", """{"url":"https://b.example/t/{from}/{to}","auth":"bearer"}""", "url leads to https://b.example"],
        ["poll", $$"""{{{Pages}}"header"}""", """{"url":"https://a.example:444/t/{from}/{to}","auth":"header"}""", "url leads to https://a.example:444"],
        ["poll", $$"""{{{Pages}}"bearer"}""", """{"url":"http://a.example/t/{from}/{to}","auth":"bearer"}""", "url leads to http://a.example"],
        ["poll", $$"""{{{Pages}}"bearer"}""", """{"url":"https://a.example:443/other?f={from}&t={to}","auth":"bearer","window_hours":2}""", null],
        ["poll", $$"""{{{Pages}}"bearer"}""", """{"url":"https://b.example/t/{from}/{to}","auth":"none"}""", null],
        [
            "poll", $$"""{{{Pages}}"oauth","token_url":"https://t.example/token"}""", $$"""{{{Pages}}"oauth","token_url":"https://b.example/token"}""",
            "token_url leads to https://b.example",
        ],
        [
            "poll", $$"""{{{Pages}}"oauth","token_url":"https://t.example/token"}""",
            """{"url":"https://b.example/t/{from}/{to}","auth":"oauth","token_url":"https://t.example/token"}""", "url leads to https://b.example",
        ],
        [
            "poll", $$"""{{{Pages}}"oauth","token_url":"https://t.example/token"}""", $$"""{{{Pages}}"oauth","token_url":"https://t.example/v2/token"}""", null,
        ],
    ];

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task A_stored_secret_stays_with_its_server(string kind, string before, string after, string? refusal)
    {
        var adapter = await fixture.AddAdapterAsync("json-list");
        var secret = JsonElement.Parse(kind != "poll" ? """{"password":"p"}""" : before.Contains("oauth", StringComparison.Ordinal)
            ? """{"client_id":"i","client_secret":"s"}""" : """{"token":"t0ken"}""");
        await fixture.SetAsync(adapter, kind, JsonElement.Parse(before), secret);

        var moved = await PutAsync(adapter, kind, after);
        if (refusal is null)
        {
            Assert.True(moved.Status == 200, moved.ToString());
            Assert.True(moved.Json.GetProperty("has_secret").GetBoolean());
            return;
        }

        Assert.Equal((422, "credential-moved", "secret"), (moved.Status, moved.Text("code"), moved.Fields.Single()));
        Assert.Contains(refusal, moved.Text("detail"), StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(before), (await fixture.ChannelAsync(adapter)).GetProperty("settings")));
        await fixture.SetAsync(adapter, kind, JsonElement.Parse(after), secret);
    }

    [Fact]
    public async Task A_secret_does_not_follow_in_two_steps_and_a_channel_without_one_may_go_anywhere()
    {
        var adapter = await fixture.AddAdapterAsync("json-list");
        const string elsewhere = """{"url":"https://b.example/t/{from}/{to}","auth":""";
        await fixture.SetAsync(adapter, "poll", JsonElement.Parse($$"""{{{Pages}}"bearer"}"""), new { token = "t0ken" });
        Assert.Equal(200, (await PutAsync(adapter, "poll", $$"""{{elsewhere}}"none"}""")).Status);
        Assert.Equal("credential-moved", (await PutAsync(adapter, "poll", $$"""{{elsewhere}}"bearer"}""")).Text("code"));

        var open = await fixture.AddAdapterAsync("json-list");
        await fixture.SetAsync(open, "poll", JsonElement.Parse($$"""{{{Pages}}"none"}"""));
        Assert.Equal(200, (await PutAsync(open, "poll", $$"""{{elsewhere}}"bearer"}""")).Status);
    }

    [Fact]
    public async Task The_server_that_a_channel_is_moved_to_is_not_told_the_secret()
    {
        await using var api = await PolledApi.StartAsync();
        await using var thief = await PolledApi.StartAsync();
        var adapter = await fixture.AddAdapterAsync("json-list", new { items = "data.items", fields = new { psp_reference = "id", account_id = "account" } });
        object Settings(PolledApi at) => new { url = $"{at.Url}/tx?from={{from}}&to={{to}}", auth = "bearer", interval_seconds = 5 };
        await fixture.SetAsync(adapter, "poll", Settings(api), new { token = "t0ken" });
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("state").GetString() == "working");

        Assert.Equal(422, (await fixture.Hub.PutAsync($"/v1/adapters/{adapter}/channel", new { kind = "poll", settings = Settings(thief) })).Status);
        Assert.True((await fixture.TryAsync(adapter)).Json.GetProperty("works").GetBoolean());
        Assert.Empty(thief.Asked);
        await fixture.SetAsync(adapter, "poll", Settings(thief), new { token = "t0ken" });
        Assert.True((await fixture.TryAsync(adapter)).Json.GetProperty("works").GetBoolean());
        Assert.NotEmpty(thief.Asked);
    }

    [Theory]
    [InlineData("https://api.example{cursor}/x")]
    [InlineData("https://{from}.example/{to}")]
    [InlineData("https://api.example:44{offset}/{from}/{to}")]
    public async Task No_answer_chooses_the_server(string url)
    {
        var adapter = await fixture.AddAdapterAsync("json-list");
        var settings = new Dictionary<string, string> { ["url"] = url };
        settings[url.Contains("{offset}", StringComparison.Ordinal) ? "items" : "next"] = "data";
        var refused = await fixture.Hub.PutAsync($"/v1/adapters/{adapter}/channel", new { kind = "poll", settings });
        Assert.Equal((422, "url"), (refused.Status, refused.Fields.Single()));
        Assert.Contains("not in the host", refused.ToString(), StringComparison.Ordinal);
    }

    private Task<HubAnswer> PutAsync(string adapter, string kind, string settings) =>
        fixture.Hub.PutAsync($"/v1/adapters/{adapter}/channel", new { kind, settings = JsonElement.Parse(settings) });
}
