using System.Net.Http.Headers;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What can't be read is told in the hub's own words, with its place: those of the libraries beneath speak of their insides.</summary>
public sealed class OwnWordsTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("{\"a\":", 20));

    private HubClient Hub => fixture.Hub;

    public static TheoryData<string, string> Broken => new()
    {
        { "{\"psp\":", "line 1, byte 8: it ends in the middle." },
        { "{\"psp\":\"m", "line 1, byte 10: it ends in the middle." },
        { "{\n \"psp\": m}", "line 2, byte 9: what stands there is no JSON." },
        { "{\"a\":1,}", "line 1, byte 8: what stands there is no JSON." },
        { "  ", "it is empty." },
        { Deep, "line 1, byte 81: it is nested deeper than 16 levels." },
    };

    [Theory, MemberData(nameof(Broken))]
    public async Task A_body_that_is_no_JSON(string body, string place)
    {
        var refused = await Hub.PostAsync("/v1/payments", body);
        Assert.Equal((400, $"The body is not JSON: {place}"), (refused.Status, refused.Text("detail")));

        using var line = new StringContent(body.ReplaceLineEndings(" ") + "x", Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        AssertOwn(await Hub.SendAsync(HttpMethod.Post, "/v1/payments/bulk", line));
    }

    [Theory, MemberData(nameof(Broken))]
    public async Task A_message_of_a_PSP_that_is_no_JSON(string body, string place)
    {
        var refused = await (await CalledAsync()).PostAsync("confirmation", body);
        Assert.Equal((200, $"The body is no JSON that can be trusted: {place}"), (refused.Status, refused.Text("ResultDesc")));
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", "line 1, byte 8: a name stands twice in one object.")]
    [InlineData("{\"a\":{\"b\":1},\"c\":[{\"b\":1},{\"b\":2,\n\"b\":3}]}", "line 2, byte 1: a name stands twice in one object.")]
    public async Task A_message_of_a_PSP_with_a_name_that_stands_twice(string body, string place)
    {
        var refused = await (await CalledAsync()).PostAsync("confirmation", body);
        Assert.Equal($"The body is no JSON that can be trusted: {place}", refused.Text("ResultDesc"));
    }

    [Theory]
    [InlineData("body", "/v1/psps", "application/json", "{\"id\":")]
    [InlineData("form", "/v1/payments", "multipart/form-data; boundary=x", "--x\r\nnonsense\r\n\r\npsp\r\n--x--")]
    [InlineData("rule", "/v1/adapters", "application/json", """{"id":"p","name":"P","psp":"psp","format":"json","rules":[{"rule":"pattern","pattern":"(a","account":"acme"}]}""")]
    [InlineData("rule", "/v1/adapters", "application/json", """{"id":"p","name":"P","psp":"psp","format":"json","rules":[{"rule":"pattern","pattern":"(?=a)","account":"acme"}]}""")]
    public async Task Anything_else_that_cannot_be_read(string what, string path, string type, string content)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        var refused = await Hub.SendAsync(HttpMethod.Post, path, body);
        Assert.True(refused.Status is 400 or 422, $"{what}: {refused}");
        AssertOwn(refused);
    }

    [Theory]
    [InlineData("camt.053", "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n<BkToCstmrStmt></a>", "It is not well-formed at line 2, character 18.")]
    [InlineData("camt.053", "", "It is not well-formed: an element that holds all is missing, or does not end.")]
    [InlineData("json-list", "[{\"a\":1},\n{\"a\":1,\"a\":2}]", "The file is not JSON: line 2, byte 8: a name stands twice in one object.")]
    public async Task A_file_that_cannot_be_read(string format, string content, string detail)
    {
        var id = $"own-{HubFixture.Fresh().ToLowerInvariant()}";
        await Hub.AddAdapterAsync(id, "psp", format, format == "camt.053" ? null : new { fields = new { psp_reference = "a", amount = "a", currency = "a" } });
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        var read = await Hub.SendAsync(HttpMethod.Post, $"/v1/adapters/{id}/files", body);
        Assert.StartsWith(detail, read.Text("detail"), StringComparison.Ordinal);
    }

    private static void AssertOwn(HubAnswer answer)
    {
        foreach (var word in (string[])["LineNumber", "BytePosition", "Path:", "Exception", "Expected", "Invalid pattern", "RegexOptions", "header line", "System."])
            Assert.DoesNotContain(word, answer.ToString(), StringComparison.Ordinal);
    }

    private async Task<Called> CalledAsync(string format = "mpesa-c2b")
    {
        var id = $"own-{HubFixture.Fresh().ToLowerInvariant()}";
        var made = await Hub.AddAdapterAsync(id, "psp", format, new { addresses = new[] { "127.0.0.1" } });
        return new Called(fixture.Silo.As(null), made.GetProperty("callback_path").GetString()!);
    }

    private sealed record Called(HubClient Stranger, string Path)
    {
        public Task<HubAnswer> PostAsync(string kind, string body) => Stranger.PostAsync(kind.Length == 0 ? Path : $"{Path}/{kind}", body);
    }
}
