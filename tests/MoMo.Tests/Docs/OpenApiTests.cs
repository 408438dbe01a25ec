using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Docs;

public sealed class OpenApiTests(SiloFixture fixture) : IClassFixture<SiloFixture>
{
    private static readonly string Kept = RepositoryFolder.Find("docs", "openapi.json");

    [Fact]
    public async Task The_document_is_the_one_that_is_kept_in_docs()
    {
        var text = System.Text.Encoding.UTF8.GetString((await fixture.Silo.Hub.GetAsync("/openapi/v1.json")).Bytes).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("MOMO_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Kept)!);
            await File.WriteAllTextAsync(Kept, text);
        }

        Assert.True(File.Exists(Kept), "docs/openapi.json is missing; MOMO_ACCEPT=1 writes it.");
        var (kept, now) = ((await File.ReadAllTextAsync(Kept)).Split('\n'), text.Split('\n'));
        var place = Enumerable.Range(0, Math.Min(kept.Length, now.Length)).FirstOrDefault(one => kept[one] != now[one], -1);
        Assert.True(
            place < 0 && kept.Length == now.Length,
            $"The API has changed and docs/openapi.json has not: line {place + 1} is now '{now[Math.Max(0, place)]}'. MOMO_ACCEPT=1 accepts it; read the difference.");
    }

    [Fact]
    public async Task Everything_in_it_says_what_it_is()
    {
        var document = (await fixture.Silo.Hub.GetAsync("/openapi/v1.json")).Json;
        var tags = document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToHashSet();
        HashSet<string> ids = [];
        foreach (var (name, operation) in Operations(document))
        {
            Assert.True(operation.TryGetProperty("summary", out _), $"{name} has no summary.");
            Assert.True(ids.Add(operation.GetProperty("operationId").GetString()!), $"{name} shares its operationId.");
            Assert.All(operation.GetProperty("tags").EnumerateArray(), tag => Assert.Contains(tag.GetString(), tags));
            if (operation.TryGetProperty("parameters", out var parameters))
                Assert.All(parameters.EnumerateArray(), one => Assert.True(Says(one), $"{name}: parameter {one.GetProperty("name")} is not described."));
        }

        foreach (var schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            Assert.True(Says(schema.Value), $"Schema {schema.Name} is not described.");
            if (!schema.Value.TryGetProperty("properties", out var properties)) continue;
            foreach (var property in properties.EnumerateObject())
            {
                Assert.True(Says(property.Value), $"{schema.Name}.{property.Name} is not described.");
                Assert.DoesNotContain("View.", property.Value.GetRawText(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Whatever_needs_a_key_says_so_and_nothing_else_does()
    {
        var document = (await fixture.Silo.Hub.GetAsync("/openapi/v1.json")).Json;
        using var anyone = fixture.Silo.As(null);
        foreach (var (name, operation) in Operations(document).Where(one => one.Name.StartsWith("GET ", StringComparison.Ordinal)))
        {
            var path = System.Text.RegularExpressions.Regex.Replace(name[4..], @"\{\w+\}", "x");
            Assert.Equal(operation.TryGetProperty("security", out _), (await anyone.GetAsync(path)).Status == 401);
        }
    }

    [Fact]
    public async Task Another_media_type_than_the_documented_ones_is_refused_as_documented()
    {
        var document = (await fixture.Silo.Hub.GetAsync("/openapi/v1.json")).Json;
        var read = Operations(document).Where(one => one.Operation.TryGetProperty("requestBody", out var body)
            && one.Operation.TryGetProperty("security", out _) // callbacks take what their PSPs send
            && !body.GetProperty("content").TryGetProperty("application/octet-stream", out _)).ToList();
        Assert.NotEmpty(read);
        foreach (var (name, operation) in read)
        {
            using var xml = new StringContent("<payment/>", System.Text.Encoding.UTF8, "text/xml");
            var (method, path) = (name.Split(' ')[0], System.Text.RegularExpressions.Regex.Replace(name.Split(' ')[1], @"\{\w+\}", $"{Guid.Empty}"));
            var refused = await fixture.Silo.Hub.SendAsync(new HttpMethod(method), path, xml);
            Assert.True(refused.Status == 415, $"{name}: {refused}");
            Assert.Equal("application/problem+json", refused.Headers["Content-Type"]);
            Assert.Equal("media-type-unsupported", refused.Text("code"));
            Assert.True(operation.GetProperty("responses").TryGetProperty("415", out _), $"{name} does not document 415.");
        }
    }

    [Fact]
    public async Task The_pages_need_no_other_server()
    {
        using var anyone = fixture.Silo.As(null);
        Assert.Contains("/docs/momo.css", (await anyone.GetAsync("/docs/index.html")).ToString(), StringComparison.Ordinal);
        foreach (var path in (string[])["/docs/index.html", "/docs/momo.css", "/docs/problems", "/docs/swagger-ui.css", "/docs/index.js"])
        {
            var page = await anyone.GetAsync(path);
            Assert.Equal(200, page.Status);
            Assert.DoesNotMatch("""(src|href)=["'](https?:)?//|url\(["']?(https?:)?//|@import""", page.ToString());
        }

        Assert.Equal("/docs/index.html", (await anyone.Http.GetAsync("/")).RequestMessage!.RequestUri!.AbsolutePath);
    }

    private static bool Says(JsonElement one) => one.TryGetProperty("description", out var text) && text.GetString() is { Length: > 3 };

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);
}
