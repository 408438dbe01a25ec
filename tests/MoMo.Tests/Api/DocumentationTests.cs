using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

public sealed class DocumentationTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task Every_operation_says_what_it_does_takes_and_answers()
    {
        var document = (await host.AsAdminAsync("GET", "/openapi/v1.json")).MustBe(200).Json;
        var operations = 0;
        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(one => one.Name.StartsWith("/v1/", StringComparison.Ordinal)))
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = $"{operation.Name} {path.Name}";
                Assert.True(operation.Value.TryGetProperty("summary", out _), $"{name} has no summary.");
                var writes = operation.Name is "post" or "put" && !path.Name.Contains("/rotate", StringComparison.Ordinal);
                Assert.True(operation.Value.TryGetProperty("requestBody", out _) == writes, $"{name}: body.");
                var answers = operation.Value.GetProperty("responses").EnumerateObject().Select(one => one.Name).ToList();
                Assert.Contains("401", answers);
                Assert.Contains(answers, status => status is "200" or "201" or "204");
                operations++;
            }
        }

        Assert.True(operations >= 30, $"Only {operations} operations.");
        var spec = document.GetProperty("components").GetProperty("schemas").GetProperty("PspSpec");
        Assert.Equal("name", Assert.Single(spec.GetProperty("required").EnumerateArray()).GetString());
    }
}
