using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>
/// An account sees only its own: asked of every endpoint there is, so that one that is added later is asked as well. Such an endpoint may need
/// a value for a new part of its address: see <see cref="InitializeAsync"/>.
/// </summary>
public sealed class IsolationTests(HubHost host) : IClassFixture<HubHost>, IAsyncLifetime
{
    private const string Mark = "theirs-alone"; // is in everything that is the other account's

    private const string TheirLane = $"kind = 'lane' AND key = (SELECT lane::text FROM destinations WHERE account_id = '{Mark}')";

    /// <summary>
    /// For each part of an address, something that the other account really has; an <c>id</c> is told apart by its collection.
    /// </summary>
    private readonly Dictionary<string, string> values = new()
    {
        ["account"] = Mark,
        ["reference"] = $"{Mark}-reference",
        ["destination"] = $"{Mark}-destination",
    };

    public async Task InitializeAsync()
    {
        await host.AsAdminAsync("POST", "/v1/accounts", new { id = "mine", name = "Mine" });
        await host.AsAdminAsync("POST", "/v1/accounts", new { id = Mark, name = $"Name of {Mark}" });
        await host.AsAdminAsync("POST", $"/v1/accounts/{Mark}/references", new { id = values["reference"] });
        await host.AsAdminAsync("POST", $"/v1/accounts/{Mark}/destinations", new { id = values["destination"], url = $"https://{Mark}.example", paused = true });
        await host.AsAdminAsync("POST", "/v1/psps", new { id = "psp", name = "PSP" });
        var payment = new { psp = "psp", psp_reference = $"{Mark}-1", account_id = Mark, amount = "10.00", currency = "KES" };
        values["/v1/payments/id"] = (await host.AsAdminAsync("POST", "/v1/payments", payment)).Field("id")!;
        var replay = await host.AsAdminAsync("POST", "/v1/deliveries/replay", new { account_id = Mark });
        values["/v1/deliveries/replays/id"] = replay.Field("id")!;
        await Sql.DoAsync(
            host.Database.AppConnectionString,
            $"""
            INSERT INTO reversals (id, psp_id, psp_reference, payment_id, account_id, sequence, amount_minor, currency, proof_pack, proof_position,
                proof_sha256, received_at)
            SELECT gen_random_uuid(), psp_id, '{Mark}-back', id, account_id, 2, 1, currency, proof_pack, proof_position, proof_sha256, now() FROM payments
            WHERE account_id = '{Mark}' LIMIT 1 ON CONFLICT DO NOTHING;
            UPDATE account_heads SET sequence = 2 WHERE account_id = '{Mark}'
            """);
        values["/v1/reversals/id"] = (await Sql.AskAsync<Guid>(host.Database.AppConnectionString, "SELECT id FROM reversals LIMIT 1")).ToString();
        values["/v1/deliveries/id"] = (await Sql.AskAsync<Guid>(host.Database.AppConnectionString, "SELECT id FROM deliveries LIMIT 1")).ToString();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Nothing_of_another_account_is_shown_or_changed()
    {
        using var mine = await host.ClientAsync("account:mine");
        await RestedAsync();
        var before = await TheirsAsync();
        var asked = 0;
        foreach (var (endpoint, method) in AccountEndpoints())
        {
            var path = Address(endpoint, values);
            var body = endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is null ? null : "{}";
            var answer = await ManagementHost.SendAsync(mine, method, path, body);
            if (endpoint.RoutePattern.Parameters.Count > 0) answer.MustBe(404);
            else if (method == "GET") AssertHidden((await ManagementHost.SendAsync(mine, method, $"{path}?account_id={Mark}&limit=100", body)).MustBe(404));
            else AssertHidden((await ManagementHost.SendAsync(mine, method, path, $$"""{"account_id":"{{Mark}}"}""")).MustBe(404));
            AssertHidden(answer);
            asked++;
        }

        Assert.True(asked >= 19, $"Only {asked} endpoints were asked.");
        Assert.Equal(before, await TheirsAsync());
    }

    [Fact]
    public async Task What_is_anothers_and_what_is_not_there_get_the_same_answer()
    {
        using var mine = await host.ClientAsync("account:mine");
        Dictionary<string, string> nobody = new(values) { ["account"] = "no-such-thing" };
        foreach (var (endpoint, method) in AccountEndpoints().Where(one => one.Endpoint.RoutePattern.GetParameter("account") is not null))
        {
            var body = endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is null ? null : "{}";
            var theirs = (await ManagementHost.SendAsync(mine, method, Address(endpoint, values), body)).MustBe(404, "account-unknown");
            var nothing = (await ManagementHost.SendAsync(mine, method, Address(endpoint, nobody), body)).MustBe(404, "account-unknown");
            Assert.Equal(nothing.Text, theirs.Text.Replace(Mark, "no-such-thing", StringComparison.Ordinal));
            Assert.Equal(nothing.Message.Headers.Select(one => one.Key), theirs.Message.Headers.Select(one => one.Key));
        }
    }

    [Fact]
    public async Task An_account_reaches_its_own()
    {
        using var theirs = await host.ClientAsync($"account:{Mark}");
        foreach (var (endpoint, method) in AccountEndpoints().Where(one => one.Method == "GET" && Policies(one.Endpoint).Contains("account")))
            (await ManagementHost.SendAsync(theirs, method, Address(endpoint, values))).MustBe(200);
    }

    [Fact]
    public async Task No_endpoint_under_v1_answers_without_a_key()
    {
        using var anyone = host.Anyone;
        // PSPs have no keys: a secret path and signatures tell them.
        foreach (var endpoint in host.Endpoints.Where(one => one.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)
            && !one.RoutePattern.RawText.StartsWith("/v1/callbacks/", StringComparison.Ordinal)))
        {
            var path = endpoint.RoutePattern.Parameters.Aggregate(endpoint.RoutePattern.RawText!, (text, part) => text.Replace($"{{{part.Name}}}", "x", StringComparison.Ordinal));
            foreach (var method in Methods(endpoint))
            {
                var takes = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0];
                var answer = await ManagementHost.SendAsync(anyone, method, path, takes is null ? null : "{}", mediaType: takes ?? "application/json");
                answer.MustBe(401, "unauthenticated");
            }
        }
    }

    private IEnumerable<(RouteEndpoint Endpoint, string Method)> AccountEndpoints() =>
        from endpoint in host.Endpoints
        where endpoint.RoutePattern.GetParameter("account") is not null || Policies(endpoint).Contains("account")
        from method in Methods(endpoint)
        select (endpoint, method);

    private static void AssertHidden(Answered answer)
    {
        var said = answer.Text.Replace($"'{Mark}'", "", StringComparison.Ordinal); // what was asked for may be repeated
        Assert.False(said.Contains(Mark, StringComparison.Ordinal), $"{answer.Message.RequestMessage} shows {answer.Text}");
    }

    private static IEnumerable<string?> Policies(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(one => one.Policy);

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    private static string Address(RouteEndpoint endpoint, Dictionary<string, string> values)
    {
        var path = endpoint.RoutePattern.RawText!;
        foreach (var part in endpoint.RoutePattern.Parameters)
        {
            var collection = path[..path.IndexOf($"{{{part.Name}}}", StringComparison.Ordinal)];
            var known = values.TryGetValue($"{collection}{part.Name}", out var value) || values.TryGetValue(part.Name, out value);
            Assert.True(known, $"{path}: teach this test what {{{part.Name}}} of another account is.");
            path = path.Replace($"{{{part.Name}}}", value!, StringComparison.Ordinal);
        }

        return path;
    }

    /// <summary>Waits until the hub itself changes nothing more of what is theirs: their replays are over, and their lane is let go.</summary>
    private Task RestedAsync() => Eventually.TrueAsync(
        () => Sql.AskAsync<bool>(
            host.Database.AppConnectionString,
            $"""
            SELECT NOT EXISTS (SELECT FROM replays WHERE account_id = '{Mark}' AND finished_at IS NULL)
                AND NOT EXISTS (SELECT FROM agenda WHERE {TheirLane} AND (due_at < 'infinity' OR leased_until > '-infinity'))
            """),
        () => "their replays to end, and their lane to rest");

    /// <summary>All that is theirs, and what the hub has yet to do for them.</summary>
    private Task<string> TheirsAsync() => Sql.AskAsync<string>(
        host.Database.AppConnectionString,
        $"""
        SELECT concat_ws(E'\n', (SELECT json_agg(a)::text FROM accounts a WHERE id = '{Mark}'), (SELECT json_agg(h)::text FROM account_heads h WHERE account_id = '{Mark}'),
            (SELECT json_agg(r)::text FROM account_references r WHERE account_id = '{Mark}'),
            (SELECT json_agg(d)::text FROM destinations d WHERE account_id = '{Mark}'),
            (SELECT json_agg(w ORDER BY id)::text FROM delivery_rows w WHERE account_id = '{Mark}'),
            (SELECT json_agg(g ORDER BY key)::text FROM agenda g WHERE {TheirLane}),
            (SELECT json_agg(p ORDER BY id)::text FROM replays p WHERE account_id = '{Mark}'))
        """);
}
