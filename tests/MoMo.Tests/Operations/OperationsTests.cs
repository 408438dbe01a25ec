using System.Text.RegularExpressions;
using MoMo.Tests.Support;

namespace MoMo.Tests.Operations;

public sealed partial class OperationsTests(SiloFixture fixture) : IClassFixture<SiloFixture>
{
    private HubClient Hub => fixture.Silo.Hub;

    [Fact]
    public async Task Health_needs_no_key_and_says_what_it_looked_at()
    {
        using var anyone = fixture.Silo.As(null);
        var (live, ready) = (await anyone.GetAsync("/health/live"), await anyone.GetAsync("/health/ready"));
        Assert.Equal((200, 200), (live.Status, ready.Status));
        Assert.Equal("ok", ready.Text("status"));
        Assert.Contains("migrated", ready.Json.GetProperty("checks").GetProperty("database").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_lacks_a_migration_is_not_ready_but_the_process_lives()
    {
        await using var silo = await SiloHost.StartAsync();
        await Sql.DoAsync(silo.Database.OwnerConnectionString, "DELETE FROM schema_migrations");
        var ready = await silo.Hub.GetAsync("/health/ready");
        Assert.Equal(503, ready.Status);
        Assert.Contains("0001_main.sql", ready.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, (await silo.Hub.GetAsync("/health/live")).Status);
    }

    [Theory]
    [InlineData("9999_later.sql", 200)]
    [InlineData("9999_later.breaks.sql", 503)]
    public async Task A_database_of_a_later_version_is_not_ready_when_this_one_can_not_work_with_it(string name, int status)
    {
        await using var silo = await SiloHost.StartAsync();
        await Sql.DoAsync(silo.Database.OwnerConnectionString, $"INSERT INTO schema_migrations (name, sha256) VALUES ('{name}', '')");
        var ready = await silo.Hub.GetAsync("/health/ready");
        Assert.Equal((status, status == 503), (ready.Status, ready.ToString().Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_its_database_the_silo_says_so_and_stays()
    {
        await using var silo = await SiloHost.StartAsync();
        using var anyone = silo.As(null);
        await Sql.DoAsync((await PostgresFixture.ClusterAsync()).OwnerConnectionString, $"DROP DATABASE {silo.Database.Name} WITH (FORCE)");
        var (live, ready) = (await anyone.GetAsync("/health/live"), await anyone.GetAsync("/health/ready"));
        Assert.Equal((200, 503), (live.Status, ready.Status));
        Assert.DoesNotContain(silo.Database.Name, ready.ToString(), StringComparison.Ordinal);
        HubAnswer? seen = null;
        await Eventually.TrueAsync(async () => (seen = await anyone.GetAsync("/status")).Text("status") == "degraded", () => $"{seen}");
        Assert.Equal(200, seen!.Status);
        Assert.False(seen.Json.GetProperty("database").GetBoolean());
    }

    [Fact]
    public async Task Metrics_are_shown_to_who_has_a_key_when_the_database_that_knows_the_key_is_away()
    {
        await using var silo = await SiloHost.StartAsync();
        using var operators = silo.As(await silo.Hub.AddKeyAsync("admin")); // one that is in no memory
        await Sql.DoAsync((await PostgresFixture.ClusterAsync()).OwnerConnectionString, $"DROP DATABASE {silo.Database.Name} WITH (FORCE)");
        foreach (var path in (string[])["/metrics", "/status"])
        {
            var seen = await operators.GetAsync(path);
            Assert.True(seen.Status == 200, $"{path}: {seen}");
        }

        Assert.InRange((await operators.GetAsync("/v1/payments")).Status, 500, 503);
    }

    [Fact]
    public async Task However_many_ask_whether_the_silo_is_ready_the_database_is_asked_once()
    {
        await using var silo = await SiloHost.StartAsync();
        using var anyone = silo.As(null);
        long most = 0;
        await using (await HeldLock.TakeAsync(silo.Database.OwnerConnectionString, "LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE"))
        {
            var asking = Task.WhenAll(Enumerable.Range(0, 30).Select(_ => anyone.GetAsync("/health/ready")));
            while (!asking.IsCompleted)
                most = Math.Max(most, await Sql.AskAsync<long>(silo.Database.AppConnectionString, $"SELECT count(*) {HeldLock.Waiting("schema_migrations")}"));
            Assert.All(await asking, answer => Assert.Equal(503, answer.Status));
        }

        Assert.Equal(1, most);
        await Eventually.TrueAsync(async () => (await anyone.GetAsync("/health/ready")).Status == 200, () => "the silo to be ready");
    }

    [Fact]
    public async Task Status_is_public_and_counts_what_waits()
    {
        await using var silo = await SiloHost.StartAsync();
        await silo.Hub.AddPspAsync("psp");
        await silo.Hub.AddAdapterAsync("adapter", "psp", "json");
        Assert.Equal(201, (await silo.Hub.PayAsync("psp", "r1", "nobody")).Status);
        using var anyone = silo.As(null);
        HubAnswer? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await anyone.GetAsync("/status")).Json.GetProperty("suspense").GetInt64() == 1, () => $"{seen}");
        Assert.Equal("ok", seen!.Text("status"));
        Assert.True(seen.Json.GetProperty("database").GetBoolean());
        Assert.Equal(1, seen.Json.GetProperty("adapters").GetProperty("new").GetInt64());
        Assert.Equal(0, seen.Json.GetProperty("deliveries").GetProperty("pending").GetInt64());
    }

    [Fact]
    public async Task Status_needs_no_key_but_says_that_one_is_not_valid()
    {
        using var anyone = fixture.Silo.As(null);
        using var stranger = fixture.Silo.As("momo_wrong");
        Assert.Equal(200, (await anyone.GetAsync("/status")).Status);
        var refused = await stranger.GetAsync("/status");
        Assert.Equal((401, "unauthenticated"), (refused.Status, refused.Text("code")));
    }

    [Theory]
    [InlineData("/status")]
    [InlineData("/metrics")]
    [InlineData("/docs/problems")]
    [InlineData("/docs/index.html")]
    [InlineData("/v1/payments")]
    [InlineData("/v1/payments/none")]
    public async Task Head_is_answered_as_get_is_without_a_body(string path)
    {
        var (get, head) = (await Hub.GetAsync(path), await Hub.SendAsync(HttpMethod.Head, path, null));
        Assert.Equal((get.Status, get.Headers["Content-Type"], 0), (head.Status, head.Headers["Content-Type"], head.Bytes.Length));
    }

    [Fact]
    public async Task Verify_is_for_administrators_and_finds_nothing_wrong()
    {
        var verdict = await Hub.PostAsync("/v1/verify", "");
        Assert.Equal(200, verdict.Status);
        Assert.True(verdict.Json.GetProperty("ok").GetBoolean());
        Assert.All(verdict.Json.GetProperty("checks").EnumerateArray(), check => Assert.Equal(0, check.GetProperty("broken").GetInt64()));
        using var adapter = fixture.Silo.As(await Hub.AddKeyAsync("adapter"));
        Assert.Equal(403, (await adapter.PostAsync("/v1/verify", "")).Status);
    }

    [Fact]
    public async Task Metrics_count_payments_by_outcome_and_show_nobody_where_the_database_is()
    {
        await Hub.AddPspAsync("metered");
        await Hub.AddAccountAsync("metered");
        await Hub.PayAsync("metered", "m1", "metered");
        await Hub.PayAsync("metered", "m1", "metered");
        await Hub.PayAsync("metered", "m2", "nobody");
        await Hub.PayAsync("metered", "m1", "metered", "11.00");
        using var anyone = fixture.Silo.As(null);
        HubAnswer answer = null!;
        string[] lines = [];
        // A request is measured after its answer has left, and the adapters are counted in the background.
        await Eventually.TrueAsync(
            async () =>
            {
                await Hub.GetAsync("/status");
                answer = await anyone.GetAsync("/metrics");
                lines = System.Text.Encoding.UTF8.GetString(answer.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                return Shows("http_server_request_duration_seconds_count{") && Shows("momo_adapters{state=\"up\"} ");
            },
            () => string.Join('\n', lines));
        Assert.StartsWith("text/plain; version=0.0.4", answer.Headers["Content-Type"], StringComparison.Ordinal);
        foreach (var outcome in (string[])["accepted", "replayed", "suspense", "refused"])
            Assert.Contains(lines, line => line.StartsWith($"momo_payments_total{{outcome=\"{outcome}\",channel=\"api\"}} ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("momo_turn_size_bucket{journal=\"payments\",le=\"1\"} ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("momo_journal_waiting{journal=\"payments\"} 0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("dotnet_gc_collections_total{", StringComparison.Ordinal));
        var series = lines.Where(line => line[0] != '#').ToList();
        Assert.All(series, line => Assert.Matches(Series(), line));
        Assert.Empty(series.GroupBy(line => line[..line.LastIndexOf(' ')]).Where(same => same.Count() > 1).SelectMany(same => same));
        Assert.DoesNotContain(series, line => line.Contains("Host=", StringComparison.Ordinal) || line.Contains("Username", StringComparison.Ordinal));

        bool Shows(string start) => lines.Any(line => line.StartsWith(start, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_of_single_accounts_are_for_administrators()
    {
        await using var server = await AccountServer.StartAsync();
        await Hub.AddPspAsync("named");
        await Hub.AddAccountAsync("customer");
        await Hub.AddAccountAsync("stranger");
        await Hub.AddWebhookAsync("customer", server);
        using var lines = new StringContent(
            string.Join('\n', Enumerable.Range(0, 100).Select(n =>
                $$"""{"psp":"named","psp_reference":"n{{n}}","account_id":"customer","amount":"1.00","currency":"KES"}""")),
            System.Text.Encoding.UTF8, "application/x-ndjson");
        Assert.Equal(200, (await Hub.SendAsync(HttpMethod.Post, "/v1/payments/bulk", lines)).Status);
        var text = "";
        await Eventually.TrueAsync(
            async () => (text = await MetricsAsync(Hub)).Contains("momo_account_attempts_total{account=\"customer\",outcome=\"delivered\"} ", StringComparison.Ordinal),
            () => text);

        using var anyone = fixture.Silo.As(null);
        using var wrong = fixture.Silo.As("momo_nobody_knows_this");
        using var other = fixture.Silo.As(await Hub.AddKeyAsync("account:stranger", "adapter"));
        foreach (var client in (HubClient[])[anyone, wrong, other])
        {
            text = await MetricsAsync(client);
            Assert.Contains("momo_delivery_attempts_total{outcome=\"delivered\"} ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("momo_account_attempts", text, StringComparison.Ordinal);
            Assert.DoesNotContain("customer", text, StringComparison.Ordinal);
            Assert.DoesNotContain("customer", (await client.GetAsync("/status")).ToString(), StringComparison.Ordinal);
        }

        static async Task<string> MetricsAsync(HubClient client)
        {
            var answer = await client.GetAsync("/metrics");
            Assert.Equal(200, answer.Status);
            return System.Text.Encoding.UTF8.GetString(answer.Bytes);
        }
    }

    [Fact]
    public async Task A_problem_carries_the_id_that_its_log_lines_have()
    {
        var problem = await Hub.GetAsync("/v1/payments/none");
        Assert.Equal(404, problem.Status);
        Assert.Matches("^[0-9a-f]{32}$", problem.Headers["MoMo-Request-Id"]);
    }

    [GeneratedRegex("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)+\})? (-?[0-9.E+-]+|NaN)$""")]
    private static partial Regex Series();
}
