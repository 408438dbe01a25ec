using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>POST /v1/routing/dry-run: each rule, real lookup servers, and never a guess.</summary>
public sealed class RoutingTests(HubFixture fixture) : IClassFixture<HubFixture>, IAsyncLifetime
{
    private static int made;

    private HubClient Hub => fixture.Hub;

    public async Task InitializeAsync()
    {
        if (Interlocked.Increment(ref made) > 1) return;
        fixture.Server.Know("/lookup/one", "L1", "L2");
        fixture.Server.Know("/lookup/two", "L2");
        fixture.Server.Hang("/lookup/dead");
        fixture.Server.Answer("/lookup/sick", 500);
        await Hub.AddAccountAsync("one", fixture.Server.UrlOf("/lookup/one").ToString());
        await Hub.AddAccountAsync("two", fixture.Server.UrlOf("/lookup/two").ToString());
        await Hub.AddAdapterAsync("ruled", "psp", "json", null,
        [
            new { rule = "shortcode", accounts = new Dictionary<string, string> { ["600000"] = "acme", ["600001"] = "nobody" } },
            new { rule = "pattern", pattern = "^INV-(?<reference>[0-9]+)$", account = "beta" },
            new { rule = "pattern", pattern = "^(?<account>[a-z]+)/(?<reference>.+)$" },
            new { rule = "account#reference" },
            new { rule = "lookup", deadline_ms = 300 },
        ]);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("""{"account_id":"ACME"}""", "acme  | account found")]
    [InlineData("""{"account_id":"acme","reference_id":"new one"}""", "acme new one | account found")]
    [InlineData("""{"account_id":"acme","reference_id":"b-1"}""", "suspense b-1 | account ambiguous")]
    [InlineData("""{"reference_id":"4711"}""", "acme 4711 | account silent, reference found")]
    [InlineData("""{"reference_id":"0815"}""", "suspense 0815 | account silent, reference ambiguous")]
    [InlineData("""{"text":"acme#4711"}""", "acme 4711 | account silent, reference silent, account#reference found")]
    [InlineData("""{"text":" acme # new "}""", "acme new | account silent, reference silent, account#reference found")]
    [InlineData("""{"text":"4711"}""", "acme 4711 | account silent, reference silent, account#reference found")]
    [InlineData("""{"text":"acme#b-1"}""", "suspense b-1 | account silent, reference silent, account#reference ambiguous")]
    [InlineData("""{"reference_id":"L1"}""", "one L1 | account silent, reference unknown, account#reference unknown, lookup found")]
    [InlineData("""{"reference_id":"L2"}""", "suspense L2 | account silent, reference unknown, account#reference unknown, lookup ambiguous")]
    [InlineData("""{"text":"nobody#L1"}""", "suspense L1 | account silent, reference silent, account#reference unknown, lookup silent")]
    [InlineData("""{"text":"one#L1"}""", "one L1 | account silent, reference silent, account#reference found")]
    [InlineData("""{"reference_id":"L3"}""", "suspense L3 | account silent, reference unknown, account#reference unknown, lookup unknown")]
    [InlineData("""{"adapter":"ruled","shortcode":"600000","text":"A 12"}""", "acme A 12 | shortcode found")]
    [InlineData("""{"adapter":"ruled","shortcode":"600001","text":"INV-7"}""", "beta 7 | shortcode unknown, pattern found")]
    [InlineData("""{"adapter":"ruled","text":"inv-7"}""", "beta 7 | shortcode silent, pattern found")]
    [InlineData("""{"adapter":"ruled","text":"acme/0815"}""", "acme 0815 | shortcode silent, pattern silent, pattern found")]
    [InlineData("""{"adapter":"ruled","text":"L1"}""", "one L1 | shortcode silent, pattern silent, pattern silent, account#reference unknown, lookup found")]
    [InlineData("""{"adapter":"ruled","reference_id":"acme#4711"}""", "acme 4711 | shortcode silent, pattern silent, pattern silent, account#reference found")]
    [InlineData("""{"adapter":"ruled","account_id":"ACME","shortcode":"600000","text":"A 12"}""", "acme A 12 | shortcode found")]
    [InlineData("""{"adapter":"ruled","account_id":"beta","shortcode":"600000","text":"A 12"}""", "suspense A 12 | shortcode ambiguous")]
    [InlineData("""{"adapter":"ruled","account_id":"order","shortcode":"600000","text":"A 12"}""", "acme A 12 | shortcode found")] // no account's name
    [InlineData("""{"adapter":"ruled","account_id":"acme","text":"INV-7"}""", "suspense 7 | shortcode silent, pattern ambiguous")]
    [InlineData("""{"adapter":"ruled","account_id":"acme","text":"beta/1"}""", "suspense 1 | shortcode silent, pattern silent, pattern ambiguous")]
    [InlineData("""{"adapter":"ruled","account_id":"acme","text":"beta#1"}""", "suspense 1 | shortcode silent, pattern silent, pattern silent, account#reference ambiguous")]
    [InlineData("""{"adapter":"ruled","account_id":"acme","text":"beta"}""", "suspense  | shortcode silent, pattern silent, pattern silent, account#reference ambiguous")]
    [InlineData("""{"adapter":"ruled","account_id":"acme","text":"4711"}""", "acme 4711 | shortcode silent, pattern silent, pattern silent, account#reference found")]
    [InlineData("""{}""", "suspense  | account silent, reference silent, account#reference silent, lookup silent")]
    public async Task Every_rule_says_what_it_found(string question, string expected)
    {
        var payments = await fixture.CountAsync("payments");
        Assert.Equal(expected, await AskAsync(question));
        Assert.Equal(payments, await fixture.CountAsync("payments"));
    }

    [Fact]
    public async Task A_dead_lookup_server_neither_delays_nor_decides()
    {
        await Hub.AddAccountAsync("dead", fixture.Server.UrlOf("/lookup/dead").ToString());
        await Hub.AddAccountAsync("sick", fixture.Server.UrlOf("/lookup/sick").ToString());
        // One yes is one yes, whoever else is silent; without one, silence is not a no.
        Assert.StartsWith("one L1 |", await AskAsync("""{"reference_id":"L1"}"""), StringComparison.Ordinal);
        Assert.EndsWith("lookup unanswered", await AskAsync("""{"reference_id":"L9"}"""), StringComparison.Ordinal);
        Assert.Equal(204, (await Hub.SendAsync(HttpMethod.Delete, "/v1/accounts/dead", null)).Status);
        Assert.Equal(204, (await Hub.SendAsync(HttpMethod.Delete, "/v1/accounts/sick", null)).Status);
    }

    [Fact]
    public async Task An_unknown_adapter_is_a_fault_of_the_question()
    {
        var refused = await Hub.PostAsync("/v1/routing/dry-run", """{"adapter":"none"}""");
        Assert.Equal((422, "adapter-unknown"), (refused.Status, refused.Text("code")));
    }

    private async Task<string> AskAsync(string question)
    {
        var answer = await Hub.PostAsync("/v1/routing/dry-run", question);
        Assert.True(answer.Status == 200, answer.ToString());
        var trace = answer.Json.GetProperty("decision").EnumerateArray().Select(finding => $"{Text(finding, "rule")} {Text(finding, "verdict")}");
        var where = answer.Text("status") == "accepted" ? answer.Text("account_id") : "suspense";
        return $"{where} {answer.Text("reference_id")} | {string.Join(", ", trace)}";
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
