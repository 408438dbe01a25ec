using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

public sealed class PspTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_psp_is_created_read_changed_and_deleted()
    {
        var created = (await host.AsAdminAsync("POST", "/v1/psps", new { id = "mtn", name = " MTN Rwanda " })).MustBe(201);
        Assert.Equal(("/v1/psps/mtn", "\"1\""), (created.Message.Headers.Location!.ToString(), created.ETag));
        Assert.Equal("MTN Rwanda", created.Field("name"));

        var read = (await host.AsAdminAsync("GET", "/v1/psps/mtn")).MustBe(200);
        Assert.Equal(created.Text, read.Text);

        var changed = (await host.AsAdminAsync("PUT", "/v1/psps/mtn", new { name = "MTN", archived = true }, "\"1\"")).MustBe(200);
        Assert.Equal(("\"2\"", "True", "2"), (changed.ETag, changed.Field("archived"), changed.Field("version")));

        (await host.AsAdminAsync("DELETE", "/v1/psps/mtn", null, "\"2\"")).MustBe(204);
        (await host.AsAdminAsync("GET", "/v1/psps/mtn")).MustBe(404, "psp-unknown");
        (await host.AsAdminAsync("PUT", "/v1/psps/mtn", new { name = "MTN" })).MustBe(404, "psp-unknown");
        (await host.AsAdminAsync("DELETE", "/v1/psps/mtn")).MustBe(404, "psp-unknown");
    }

    [Fact]
    public async Task All_faults_are_named_at_once()
    {
        var refused = (await host.AsAdminAsync("POST", "/v1/psps", new { id = "No spaces" })).MustBe(422, "fields-invalid");
        Assert.Equal("id name", refused.Faults);
        Assert.Equal("id", (await host.AsAdminAsync("POST", "/v1/psps", new { name = "Nameless" })).MustBe(422, "id-missing").Faults);
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = new string('a', 65), name = "Long" })).MustBe(422, "id-malformed");
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "..", name = "Dots" })).MustBe(422, "id-malformed");
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "n", name = new string('a', 101) })).MustBe(422, "name-too-long");
        (await host.AsAdminAsync("POST", "/v1/psps", """{"id":"n","name":"nul \u0000"}""")).MustBe(422, "characters");
        (await host.AsAdminAsync("PUT", "/v1/psps/x", new { id = "y", name = "Y" })).MustBe(422, "id-fixed");
    }

    [Fact]
    public async Task Ids_and_names_are_taken_once()
    {
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "once", name = "Once" })).MustBe(201);
        Assert.Equal("id", (await host.AsAdminAsync("POST", "/v1/psps", new { id = "once", name = "Other" })).MustBe(409, "id-taken").Faults);
        Assert.Equal("name", (await host.AsAdminAsync("POST", "/v1/psps", new { id = "twice", name = "ONCE" })).MustBe(409, "name-taken").Faults);
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "twice", name = "Twice" })).MustBe(201);
        (await host.AsAdminAsync("PUT", "/v1/psps/twice", new { name = "once" })).MustBe(409, "name-taken");
    }

    [Fact]
    public async Task Two_creators_of_one_id_get_one_201_and_one_409()
    {
        for (var round = 0; round < 20; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(
                one => host.AsAdminAsync("POST", "/v1/psps", new { id = $"race{round}", name = $"Race {round} {one}" })));
            Assert.Equal([201, 409, 409, 409], answers.Select(answer => (int)answer.Status).Order());
        }
    }

    [Fact]
    public async Task Of_two_changes_of_one_version_one_wins()
    {
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "etag", name = "E 0" })).MustBe(201);
        for (var version = 1; version <= 20; version++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(
                one => host.AsAdminAsync("PUT", "/v1/psps/etag", new { name = $"E {version} {one}" }, $"\"{version}\"")));
            Assert.Equal([200, 412, 412], answers.Select(answer => (int)answer.Status).Order());
            Assert.Equal("etag-mismatch", answers.First(answer => (int)answer.Status == 412).Code);
        }
    }

    [Theory]
    [InlineData("\"1\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"7\", \"1\"", 200)]
    [InlineData("\"7\"", 412)]
    [InlineData("W/\"1\"", 412)]
    [InlineData("1", 412)]
    [InlineData("\"x\"", 412)]
    public async Task If_match_names_the_versions_that_may_be_changed(string ifMatch, int status)
    {
        var id = $"m{Math.Abs(ifMatch.GetHashCode(StringComparison.Ordinal))}";
        (await host.AsAdminAsync("POST", "/v1/psps", new { id, name = $"Match {id}" })).MustBe(201);
        var answer = (await host.AsAdminAsync("PUT", $"/v1/psps/{id}", new { name = $"Match {id}" }, ifMatch)).MustBe(status);
        if (status == 412) Assert.Contains(ifMatch == "\"7\"" ? "has changed meanwhile" : "with its quotes and without W/", answer.Field("detail"), StringComparison.Ordinal);
        (await host.AsAdminAsync("DELETE", $"/v1/psps/{id}", null, "\"99\"")).MustBe(412, "etag-mismatch");
    }

    [Fact]
    public async Task Who_has_the_version_already_gets_304()
    {
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "known", name = "Known" })).MustBe(201);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/psps/known");
        request.Headers.TryAddWithoutValidation("If-None-Match", "\"1\"");
        var answer = await Answered.ReadAsync(await host.Admin.SendAsync(request));
        Assert.Equal((304, "", "\"1\""), ((int)answer.Status, answer.Text, answer.ETag));
    }

    [Fact]
    public async Task A_psp_with_adapters_or_payments_can_not_be_deleted()
    {
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "busy", name = "Busy" })).MustBe(201);
        (await host.AsAdminAsync("POST", "/v1/adapters", new { id = "busy.a", name = "Busy A", psp = "busy" })).MustBe(201);
        var refused = (await host.AsAdminAsync("DELETE", "/v1/psps/busy")).MustBe(409, "in-use");
        Assert.Contains("adapters", refused.Field("detail"), StringComparison.Ordinal);

        (await host.AsAdminAsync("DELETE", "/v1/adapters/busy.a")).MustBe(204);
        await Sql.DoAsync(host.Database.AppConnectionString, "INSERT INTO payment_keys VALUES ('busy', 'R1', gen_random_uuid())");
        refused = (await host.AsAdminAsync("DELETE", "/v1/psps/busy")).MustBe(409, "in-use");
        Assert.Contains("payments", refused.Field("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_psp_that_is_deleted_while_payments_arrive_is_refused_or_has_none()
    {
        await Sql.DoAsync(
            host.Database.AppConnectionString,
            "INSERT INTO accounts (id, name, created_at) VALUES ('turn', 'Turn', now()); INSERT INTO account_heads (account_id) VALUES ('turn')");
        await using var journal = JournalHost.Start(host.Database);
        for (var round = 0; round < 10; round++)
        {
            (await host.AsAdminAsync("POST", "/v1/psps", new { id = "psp", name = "PSP" })).MustBe(201);
            var takes = Enumerable.Range(0, 8).Select(one => journal.TakeAsync("turn", $"T{round}.{one}")).ToList();
            var deleted = await host.AsAdminAsync("DELETE", "/v1/psps/psp");
            var taken = (await Task.WhenAll(takes)).Count(outcome => outcome.Accepted is not null);
            if ((int)deleted.Status == 204) Assert.Equal(0, taken);
            else deleted.MustBe(409, "in-use");
            if (taken > 0) return; // its keys are kept for ever: this PSP can't be deleted any more
        }
    }

    [Fact]
    public async Task Lists_go_page_by_page_and_filter_by_name()
    {
        for (var one = 0; one < 5; one++)
            (await host.AsAdminAsync("POST", "/v1/psps", new { id = $"zz{one}", name = $"Page {one}" })).MustBe(201);

        List<string> seen = [];
        string? path = "/v1/psps?limit=2";
        while (path is not null)
        {
            var page = (await host.AsAdminAsync("GET", path)).MustBe(200);
            var items = page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).ToList();
            Assert.InRange(items.Count, 1, 2);
            seen.AddRange(items);
            var link = page.Message.Headers.TryGetValues("Link", out var links) ? links.Single() : null;
            Assert.Equal(page.Field("next") is null, link is null);
            path = link?[1..link.IndexOf('>', StringComparison.Ordinal)];
        }

        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal(5, seen.Count(id => id.StartsWith("zz", StringComparison.Ordinal)));
        var named = await host.AsAdminAsync("GET", "/v1/psps?name=page%203");
        Assert.Equal("zz3", Assert.Single(named.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("limit", (await host.AsAdminAsync("GET", "/v1/psps?limit=501")).MustBe(400, "query-malformed").Faults);
        Assert.Equal("after limit", (await host.AsAdminAsync("GET", "/v1/psps?limit=0&after=***")).MustBe(400, "query-malformed").Faults);
        (await host.AsAdminAsync("GET", "/v1/psps?limit=many")).MustBe(400, "malformed-request");
    }

    [Fact]
    public async Task A_change_is_told_to_all_silos()
    {
        await using var listener = await Heard.ListenAsync(host.Database);
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "told", name = "Told" })).MustBe(201);
        (await host.AsAdminAsync("PUT", "/v1/psps/told", new { name = "Told again" })).MustBe(200);
        (await host.AsAdminAsync("DELETE", "/v1/psps/told")).MustBe(204);
        Assert.Equal(["psp:told", "psp:told", "psp:told"], await listener.TakeAsync("psp:told", 3));
    }
}
