using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Every list is CSV for whoever asks for it: the same items, the same pages.</summary>
public sealed class CsvListTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task Every_list_of_the_document_is_given_as_CSV_too()
    {
        var lists = 0;
        foreach (var path in (await Hub.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").EnumerateObject())
        {
            if (!path.Value.TryGetProperty("get", out var get) || !get.GetProperty("responses").TryGetProperty("200", out var answer)
                || !answer.TryGetProperty("content", out var content) || !content.TryGetProperty("application/json", out var json)
                || json.GetProperty("schema").TryGetProperty("$ref", out var schema) is false || !schema.GetString()!.EndsWith("Page", StringComparison.Ordinal))
                continue;
            Assert.True(content.TryGetProperty("text/csv", out _), path.Name);
            lists++;
            var list = await Hub.GetAsync(path.Name.Replace("{account}", "acme", StringComparison.Ordinal).Replace("{adapter}", await AdapterAsync(), StringComparison.Ordinal), "text/csv");
            Assert.True(list.Status == 200, $"{path.Name}: {list}");
            Assert.True(list.Headers["Content-Type"].StartsWith("text/csv", StringComparison.Ordinal), path.Name);
            Assert.NotEmpty(Read(list)[0]);
        }

        Assert.InRange(lists, 14, 100);
    }

    [Fact]
    public async Task Its_rows_are_the_items_field_by_field()
    {
        const string name = "=Ayo \"the\" Baker, & Søn";
        for (var count = 0; count < 3; count++)
        {
            var made = await Hub.PostAsync("/v1/payments", new
            {
                psp = "psp", pspReference = HubFixture.Fresh(), accountId = "acme", amount = "1250.50", currency = "KES", payer = new { name }, metadata = new { till = 7 },
            });
            Assert.True(made.Status == 201, made.ToString());
        }

        var json = await Hub.GetAsync("/v1/payments?account_id=acme&limit=2");
        var csv = await Hub.GetAsync("/v1/payments?account_id=acme&limit=2", "text/csv, */*;q=0.1");
        Assert.Equal(json.Headers["Link"], csv.Headers["Link"]);
        Assert.Equal("Accept", csv.Headers["Vary"]);
        var rows = Read(csv);
        Assert.Equal(3, rows.Count);
        var items = json.Json.GetProperty("items");
        for (var place = 0; place < 2; place++)
        {
            var row = rows[0].Zip(rows[place + 1]).ToDictionary(cell => cell.First, cell => cell.Second);
            foreach (var field in items[place].EnumerateObject())
            {
                if (field.Value.ValueKind == JsonValueKind.Object && field.Name == "payer") continue;
                Assert.Equal(field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : field.Value.GetRawText(), row[field.Name]);
            }

            Assert.Equal((name, ""), (row["payer.name"], row["payer.phone"]));
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("application/json", false)]
    [InlineData("text/csv;q=0.2, application/json", false)]
    [InlineData("text/csv, application/json", false)]
    [InlineData("text/csv;q=0, */*;q=0", false)]
    [InlineData("text/csv, */*", true)]
    [InlineData("text/csv", true)]
    [InlineData("text/*, application/json;q=0.5", true)]
    [InlineData("application/json;q=0.5, text/csv;header=present", true)]
    public async Task Who_does_not_prefer_it_gets_JSON(string? accept, bool csv)
    {
        var list = await Hub.GetAsync("/v1/psps", accept);
        Assert.Equal((200, csv ? "text/csv" : "application/json"), (list.Status, list.Headers["Content-Type"].Split(';')[0]));
        if (csv) Assert.Equal("psp", Read(list)[1][0]);
    }

    [Fact]
    public async Task A_refusal_stays_a_problem()
    {
        var refused = await Hub.GetAsync("/v1/payments?limit=0", "text/csv");
        Assert.Equal((400, "query-malformed"), (refused.Status, refused.Text("code")));
    }

    private async Task<string> AdapterAsync()
    {
        var adapters = (await Hub.GetAsync("/v1/adapters")).Json.GetProperty("items");
        if (adapters.GetArrayLength() > 0) return adapters[0].GetProperty("id").GetString()!;
        await Hub.AddAdapterAsync("listed", "psp", "json");
        return "listed";
    }

    private static List<string[]> Read(HubAnswer answer)
    {
        using var rows = new CsvParser(new StringReader(Encoding.UTF8.GetString(answer.Bytes)), CultureInfo.InvariantCulture);
        List<string[]> all = [];
        while (rows.Read()) all.Add([.. rows.Record!]);
        return all;
    }
}
