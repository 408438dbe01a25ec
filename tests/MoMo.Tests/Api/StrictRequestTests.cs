using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What would otherwise be passed over in silence is refused by name: names of queries and bodies that there are not, encodings, broken text.</summary>
public sealed class StrictRequestTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task No_operation_passes_over_an_unknown_name_in_its_query()
    {
        var seen = 0;
        foreach (var (method, path, _) in await OperationsAsync())
        {
            using var body = method == "GET" ? null : HubClient.Json("{}");
            var refused = await Hub.SendAsync(new HttpMethod(method), $"{path}?no_such_name=1", body);
            if (refused.Status == 415) continue; // what takes files or lines says so first
            Assert.True((refused.Status, refused.Text("code")) == (400, "query-malformed"), $"{method} {path}: {refused}");
            Assert.Equal(["no_such_name"], refused.Fields);
            seen++;
        }

        Assert.True(seen > 40, $"Only {seen} operations were asked.");
    }

    [Fact]
    public async Task No_operation_passes_over_an_unknown_name_in_its_body()
    {
        await Hub.AddAdapterAsync("a", "psp", "json");
        var named = 0;
        foreach (var (method, path, operation) in await OperationsAsync())
        {
            if (!operation.TryGetProperty("requestBody", out var body) || !body.GetProperty("content").TryGetProperty("application/json", out _)) continue;
            var at = path.Replace("/adapters/x", "/adapters/a", StringComparison.Ordinal).Replace("/accounts/x", "/accounts/acme", StringComparison.Ordinal);
            var refused = await Hub.SendAsync(new HttpMethod(method), at, HubClient.Json("""{"no_such_name":1}"""));
            if (refused.Status == 404 || refused.Text("code") == "status-url-missing") continue; // what is at the address comes first
            Assert.True(refused.Status == 422, $"{method} {at}: {refused}");
            Assert.Contains("no_such_name", refused.Fields);
            named++;
        }

        Assert.True(named >= 14, $"Only {named} bodies were refused.");
    }

    [Theory]
    [InlineData("/v1/accounts/acme")]
    [InlineData("/v1/accounts/acme/destinations/read")]
    [InlineData("/v1/adapters/read")]
    [InlineData("/v1/psps/psp")]
    public async Task What_was_read_may_be_sent_back(string address)
    {
        // Made by whichever of these runs first.
        await Hub.PostAsync("/v1/adapters", """{"id":"read","name":"Read","psp":"psp","format":"json"}""");
        await Hub.PostAsync("/v1/accounts/acme/destinations", """{"id":"read","url":"http://127.0.0.1:1/read","paused":true}""");
        var read = await Hub.GetAsync(address);
        Assert.True(read.Status == 200, $"{read}");
        var text = read.Json.GetRawText();
        var changed = await Hub.PutAsync(address, text);
        Assert.True(changed.Status == 200, $"{changed}");
        var typo = await Hub.PutAsync(address, text.Insert(1, "\"pausd\":true,"));
        Assert.Equal((422, "pausd"), (typo.Status, Assert.Single(typo.Fields)));
    }

    [Fact]
    public async Task The_document_says_that_bodies_have_no_other_fields_and_leaves_answers_open()
    {
        var schemas = (await Hub.GetAsync("/openapi/v1.json")).Json.GetProperty("components").GetProperty("schemas");
        foreach (var body in (string[])["NewPayment", "AccountSpec", "AdapterSpec", "DestinationSpec", "KeySpec", "RoutingQuestion", "AdapterReport", "ReplaySpec"])
            Assert.False(schemas.GetProperty(body).GetProperty("additionalProperties").GetBoolean(), body);
        Assert.False(schemas.GetProperty("Payment").TryGetProperty("additionalProperties", out _));
    }

    [Theory]
    [InlineData("payments?acount_id=acme", "acount_id", "Did you mean account_id?")]
    [InlineData("payments?Account_Id=acme&stat=accepted", "stat", "Did you mean")]
    [InlineData("payments?account_id=acme&account_id=beta", "account_id", "stands twice")]
    [InlineData("payments?limit=abc", "limit", "whole number")]
    [InlineData("payments?limit=99999999999999999999", "limit", "whole number")]
    [InlineData("payments?limit=", "limit", "whole number")]
    [InlineData("psps?name=a%00b", "name", "NUL")]
    [InlineData("messages?why=%00&colour=red", "colour why", "there are: ")]
    [InlineData("payments/01a1fb98-0000-7000-8000-000000000000?full=1", "full", "the query is empty")]
    public async Task A_query_is_refused_by_the_names_that_are_wrong(string query, string fields, string detail)
    {
        var refused = await Hub.GetAsync($"/v1/{query}");
        Assert.Equal((400, "query-malformed", fields), (refused.Status, refused.Text("code"), string.Join(' ', refused.Fields)));
        Assert.Contains(detail, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_very_many_names_that_there_are_not_fifty_are_told_and_each_field_that_is_wrong()
    {
        var names = Enumerable.Range(0, 500).Select(number => $"f{number}").ToArray();
        Assert.Equal(50, (await Hub.GetAsync($"/v1/psps?{string.Join('&', names)}")).Fields.Length);
        var refused = await Hub.PostAsync("/v1/psps", $$"""{{{string.Join(',', names.Select(name => $"\"{name}\":1"))}},"id":7,"name":"N"}""");
        Assert.Equal((422, 51), (refused.Status, refused.Fields.Length));
        Assert.Contains("id is text.", refused.ToString(), StringComparison.Ordinal); // and not that it is missing
    }

    [Theory]
    [InlineData("psps?name=%zz")]
    [InlineData("psps?name=%ff")]
    [InlineData("psps?name=%2")]
    public async Task A_query_that_cannot_be_decoded_is_refused(string query)
    {
        // The client of the framework mends such an address, so it is written by hand.
        var answer = await RawAsync($"GET /v1/{query} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nAuthorization: {Hub.Http.DefaultRequestHeaders.Authorization}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("The query can't be read", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"t1","nmae":"T"}""", "name nmae", "Did you mean name?")]
    [InlineData("""{"id":"t1","name":5,"archived":"yes"}""", "archived name", "name is text.")]
    [InlineData("""{"id":"t1","name":"T","archived":null}""", "archived", "archived is true or false.")]
    [InlineData("""{"id":"t1","name":"T","Name":"U"}""", "name", "name stands twice.")]
    [InlineData("""{"id":"t1","name":"T\u0000"}""", "name", "holds a NUL")]
    [InlineData("""{"id":7,"name":[],"archived":{},"x":1,"y":2}""", "archived id name x y", "id is text.")]
    public async Task A_body_is_refused_by_all_fields_that_are_wrong(string body, string fields, string detail)
    {
        var refused = await Hub.PostAsync("/v1/psps", body);
        Assert.Equal((422, fields), (refused.Status, string.Join(' ', refused.Fields)));
        Assert.Contains(detail, refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{} x")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public async Task A_body_that_is_no_object_of_JSON_is_malformed(string body) =>
        Assert.Equal((400, "malformed-json"), ((await Hub.PostAsync("/v1/psps", body)).Status, (await Hub.PostAsync("/v1/psps", body)).Text("code")));

    [Theory]
    [InlineData("accounts/acme/destinations", """{"id":"d","kind":"webhook","max_concurrency":1e3,"retry_waits":[1.5],"rate_per_second":"x","events":"x"}""", "events max_concurrency rate_per_second retry_waits url")]
    [InlineData("keys", """{"name":"","scopes":["account:nobody","adapter:nobody","what"]}""", "name scopes")]
    [InlineData("adapters", """{"id":"b","name":"","psp":"nobody","format":"telepathy","mode":"x","credentials":{"k":"v"}}""", "format mode name psp")]
    [InlineData("adapters", """{"id":"b","name":"B","psp":"psp","credentials":{"k":5},"credential_overlap_seconds":1e99}""", "credential_overlap_seconds credentials")]
    [InlineData("adapters", """{"id":"b","name":"B","psp":"psp","format":"csv","settings":{"a":1,"a":2}}""", "settings.a")]
    [InlineData("adapters", """{"id":"b","name":"B","psp":"p\u0000"}""", "psp")]
    [InlineData("adapters", """{"id":"b","name":"B","psp":"psp","rules":[{"rule":"lookup","deadline":5},{"rule":"account"}]}""", "rules[0]")]
    [InlineData("routing/dry-run", """{"adapter":"nobody","acount_id":"acme"}""", "acount_id adapter")]
    [InlineData("suspense/01a1fb98-0000-7000-8000-000000000000/assign", """{"account_id":"nobody","reason":"x","why":"y"}""", "account_id reason why")]
    [InlineData("deliveries/replay", """{"dryrun":true,"state":"lost","since":"today"}""", "dryrun since state")]
    public async Task Other_bodies_name_all_that_is_wrong_at_once(string path, string body, string fields)
    {
        var refused = await Hub.PostAsync($"/v1/{path}", body);
        Assert.Equal(fields, string.Join(' ', refused.Fields));
        Assert.InRange(refused.Status, 400, 422);
    }

    [Theory]
    [InlineData("payments", "application/json")]
    [InlineData("payments/bulk", "application/x-ndjson")]
    [InlineData("psps", "application/json")]
    [InlineData("adapters/x/files", "application/octet-stream")]
    public async Task An_encoded_body_is_told_that_it_must_not_be(string path, string type)
    {
        using var body = new ByteArrayContent([0x1F, 0x8B, 8]) { Headers = { ContentType = new MediaTypeHeaderValue(type), ContentEncoding = { "gzip" } } };
        var refused = await Hub.SendAsync(HttpMethod.Post, $"/v1/{path}", body);
        Assert.Equal((415, "media-type-unsupported"), (refused.Status, refused.Text("code")));
        Assert.Contains("Content-Encoding: gzip is not taken", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("identity", refused.Headers["Accept-Encoding"]);
    }

    private async Task<IReadOnlyList<(string Method, string Path, JsonElement Operation)>> OperationsAsync() =>
    [
        .. from path in (await Hub.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").EnumerateObject()
           where path.Name.StartsWith("/v1/", StringComparison.Ordinal)
           from operation in path.Value.EnumerateObject()
           where operation.Value.TryGetProperty("security", out _)
           select (operation.Name.ToUpperInvariant(), Regex.Replace(path.Name.Replace("{id}", $"{Guid.Empty}", StringComparison.Ordinal), @"\{\w+\}", "x"), operation.Value),
    ];

    private async Task<string> RawAsync(string request)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(Hub.Url.Host, Hub.Url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
