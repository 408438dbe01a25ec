using System.Text;
using System.Text.Json.Nodes;
using MoMo.Tests.Psps.Specs;
using MoMo.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace MoMo.Tests.Api;

/// <summary>What an adapter shares with its PSP goes in and never comes out: not by the API, the log, the database, or the list of processes.</summary>
public sealed class CredentialTests(ITestOutputHelper output)
{
    private static readonly string[] Planted = ["sk_live_PLANTED_one", "sk_live_PLANTED_two", "hash_PLANTED_three"];

    [Fact]
    public async Task Planted_secrets_are_found_nowhere()
    {
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var silo = new SiloProcess(output, folder.Path, database, ("Logging:LogLevel:Default", "Trace"));
        await silo.StartAsync();
        await silo.Hub.AddPspAsync("p");
        await silo.Hub.AddAccountAsync("acme");
        StringBuilder said = new();
        var made = await silo.Hub.PostAsync("/v1/adapters", new
        {
            id = "a", name = "A", psp = "p", format = "paystack", credentials = new Dictionary<string, string> { ["secret_key"] = Planted[0] },
        });
        said.Append(made);
        var spec = new { name = "A", psp = "p", format = "paystack", credentials = new Dictionary<string, string> { ["secret_key"] = Planted[1] } };
        said.Append(await silo.Hub.PutAsync("/v1/adapters/a", spec));
        var hashed = await silo.Hub.PostAsync("/v1/adapters", new
        {
            id = "f", name = "F", psp = "p", format = "flutterwave-v3", credentials = new Dictionary<string, string> { ["secret_hash"] = Planted[2] },
        });
        said.Append(hashed);
        // Wrong ones are refused without being repeated.
        said.Append(await silo.Hub.PutAsync("/v1/adapters/a", new { name = "A", psp = "p", format = "paystack", credentials = new Dictionary<string, string> { ["x"] = Planted[0] } }));
        said.Append(await silo.Hub.PutAsync("/v1/adapters/a", new { name = "A", psp = "p", credentials = new Dictionary<string, string> { ["secret_key"] = Planted[0] + "\n" } }));

        const string charge = """
            {"event":"charge.success","data":{"domain":"live","status":"success","reference":"R1","amount":5,"currency":"NGN","paid_at":"2026-03-14T12:16:17Z"}}
            """;
        foreach (var secret in Planted[..2]) Assert.Equal(200, (await PostAsync(silo, made.Text("callback_path")!, charge, "x-paystack-signature", Hmac.Hex512(secret, charge))).Status);
        // A PSP that sends its secret itself: the envelope that is kept leaves it out.
        Assert.Equal(200, (await PostAsync(silo, hashed.Text("callback_path")!, """{"event":"x","data":{"id":"1"}}""", "verif-hash", Planted[2])).Status);
        var message = (await silo.Hub.GetAsync("/v1/messages")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var content = await silo.Hub.GetAsync($"/v1/messages/{message}/content");
        said.Append(content).Append(string.Join(' ', content.Headers.Values.Select(Uri.UnescapeDataString)));
        said.Append(await silo.Hub.GetAsync("/v1/adapters")).Append(await silo.Hub.GetAsync("/v1/adapters/a"));

        Assert.Contains("\"secret_key\"", said.ToString(), StringComparison.Ordinal);
        AssertClean("The API's answers", said.ToString());
        AssertClean("The log", silo.Log);
        AssertClean("The database", await DumpAsync(database));
        foreach (var file in (string[])["cmdline", "environ"]) AssertClean(file, await File.ReadAllTextAsync($"/proc/{silo.Pid}/{file}"));
        foreach (var process in Directory.GetDirectories("/proc").Where(one => Path.GetFileName(one).All(char.IsAsciiDigit)))
            AssertClean(process, ReadIfThere(Path.Combine(process, "cmdline")));
    }

    [Fact]
    public async Task An_adapter_may_be_sent_back_as_it_was_read_and_keeps_its_credentials()
    {
        await using var silo = await SiloHost.StartAsync();
        await silo.Hub.AddPspAsync("p");
        Assert.Equal(201, (await silo.Hub.PostAsync("/v1/adapters", new
        {
            id = "a", name = "A", psp = "p", format = "paystack", credentials = new Dictionary<string, string> { ["secret_key"] = "sk_1" },
        })).Status);
        var read = JsonNode.Parse((await silo.Hub.GetAsync("/v1/adapters/a")).Json.GetRawText())!;
        var set = read["credentials"]![0]!["set_at"]!.ToString();
        read["name"] = "Changed";

        var changed = await silo.Hub.PutAsync("/v1/adapters/a", read.ToJsonString());

        Assert.True(changed.Status == 200, changed.ToString());
        Assert.Equal("Changed", changed.Text("name"));
        Assert.Equal(set, changed.Json.GetProperty("credentials")[0].GetProperty("set_at").GetString());
        // A value that was put in would be lost.
        read["credentials"]![0]!["value"] = "sk_2";
        var refused = await silo.Hub.PutAsync("/v1/adapters/a", read.ToJsonString());
        Assert.Equal((422, "credentials"), (refused.Status, refused.Fields.Single()));
        var twice = changed.Json.GetRawText()[..^1] + ""","credentials":{"secret_key":"sk_3"}}""";
        Assert.Equal((422, "duplicate"), ((await silo.Hub.PutAsync("/v1/adapters/a", twice)).Status, (await silo.Hub.PutAsync("/v1/adapters/a", twice)).Text("code")));
    }

    [Fact]
    public async Task What_is_set_is_shown_by_name_and_time_alone()
    {
        await using var silo = await SiloHost.StartAsync();
        await silo.Hub.AddPspAsync("p");
        var made = await silo.Hub.PostAsync("/v1/adapters", new { id = "a", name = "A", psp = "p", format = "selcom" });
        Assert.False(made.Json.TryGetProperty("credentials", out _));

        await SetAsync(silo, new() { ["api_secret"] = "one", ["bearer_token"] = "two" });
        Assert.Equal("api_secret now, bearer_token now", await ShownAsync(silo));
        await SetAsync(silo, new() { ["api_secret"] = "three" });
        Assert.Equal("api_secret now and 24h, bearer_token now", await ShownAsync(silo));
        await SetAsync(silo, null);
        Assert.Equal("api_secret now and 24h, bearer_token now", await ShownAsync(silo));
        await SetAsync(silo, new() { ["api_secret"] = null });
        Assert.Equal("bearer_token now", await ShownAsync(silo));
        Assert.Equal(1L, await Sql.AskAsync<long>(silo.Database.AppConnectionString, "SELECT count(*) FROM adapter_credentials"));

        var refused = await silo.Hub.PutAsync("/v1/adapters/a", new
        {
            name = "A", psp = "p", format = "selcom", credentialOverlapSeconds = -1, credentials = new Dictionary<string, string> { ["key"] = "x", ["api_secret"] = "" },
        });
        Assert.Equal((422, "credential_overlap_seconds credentials.api_secret credentials.key"), (refused.Status, string.Join(' ', refused.Fields)));
        Assert.Equal(204, (await silo.Hub.SendAsync(HttpMethod.Delete, "/v1/adapters/a", null)).Status);
        Assert.Equal(0L, await Sql.AskAsync<long>(silo.Database.AppConnectionString, "SELECT count(*) FROM adapter_credentials"));
    }

    private static async Task SetAsync(SiloHost silo, Dictionary<string, string?>? credentials)
    {
        var answer = await silo.Hub.PutAsync("/v1/adapters/a", new { name = "A", psp = "p", format = "selcom", credentials });
        Assert.True(answer.Status == 200, answer.ToString());
    }

    private static async Task<string> ShownAsync(SiloHost silo)
    {
        var now = TimeProvider.System.GetUtcNow();
        var shown = (await silo.Hub.GetAsync("/v1/adapters/a")).Json.GetProperty("credentials").EnumerateArray().Select(one =>
        {
            Assert.InRange(one.GetProperty("set_at").GetDateTimeOffset(), now.AddMinutes(-5), now.AddMinutes(5));
            if (!one.TryGetProperty("old_valid_until", out var until)) return $"{one.GetProperty("name")} now";
            return $"{one.GetProperty("name")} now and {Math.Round((until.GetDateTimeOffset() - now).TotalHours)}h";
        });
        return string.Join(", ", shown);
    }

    private static async Task<HubAnswer> PostAsync(SiloProcess silo, string path, string body, string header, string value)
    {
        using var stranger = new HubClient(silo.Hub.Url, null);
        using var content = HubClient.Json(body);
        content.Headers.TryAddWithoutValidation(header, value);
        return await stranger.SendAsync(HttpMethod.Post, path, content);
    }

    /// <summary>All rows of all tables as text.</summary>
    private static async Task<string> DumpAsync(TestDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(database.OwnerConnectionString);
        List<string> tables = [];
        await using (var list = source.CreateCommand("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"))
        await using (var rows = await list.ExecuteReaderAsync())
            while (await rows.ReadAsync()) tables.Add(rows.GetString(0));
        StringBuilder dump = new();
        foreach (var table in tables)
        {
            // Bytes are shown in hex, and as the text that they may be.
            await using var all = source.CreateCommand($"SELECT t::text || coalesce(encode(convert_to(t::text, 'UTF8'), 'escape'), '') FROM {table} t");
            await using var rows = await all.ExecuteReaderAsync();
            while (await rows.ReadAsync()) dump.AppendLine(rows.GetString(0));
        }

        return dump.ToString();
    }

    private static void AssertClean(string where, string text)
    {
        foreach (var secret in Planted)
        {
            Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{where} holds a credential.");
            Assert.False(text.Contains(Convert.ToHexString(Encoding.UTF8.GetBytes(secret)), StringComparison.OrdinalIgnoreCase), $"{where} holds a credential in hex.");
        }
    }

    private static string ReadIfThere(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // it ended meanwhile
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
