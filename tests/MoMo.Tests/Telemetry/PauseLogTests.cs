using System.Text;
using System.Text.Json;
using MoMo.Tests.Cli;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Telemetry;

/// <summary>Whoever runs a real silo is told when it gives up on a destination.</summary>
public sealed class PauseLogTests(ITestOutputHelper output)
{
    private const string Category = "MoMo.Deliveries.Pause";

    [Fact]
    public async Task A_destination_that_the_hub_paused_is_a_warning_and_counted_until_a_person_lets_it_go_on()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        using var data = new TestFolder();
        await using var server = await AccountServer.StartAsync();
        await using var silo = new SiloProcess(output, data.Path, database, ("MoMo:Log", "json"));
        await silo.StartAsync();
        var hub = silo.Hub;
        await hub.AddPspAsync("psp");
        foreach (var account in (string[])["leaving", "lasting", "slow", "bold", "held"])
        {
            await hub.AddAccountAsync(account);
            await hub.AddWebhookAsync(account, server);
        }

        await Eventually.TrueAsync(() => ShowsAsync(hub, 0, 0, 0), () => silo.Log);
        server.Answer("/leaving", 410);
        server.Answer("/lasting", 500);
        await Sql.DoAsync(database.AppConnectionString, """
            -- It has failed for longer than it may: what is tried next is the last.
            INSERT INTO lane_states (lane, failing_since, opened) SELECT lane, now() - interval '121 hours', 3 FROM destinations WHERE account_id = 'lasting';
            -- Of three breakers that opened only the first is open: one is turned off, and a person paused the destination of the other.
            INSERT INTO lane_states (lane, opened) SELECT lane, 1 FROM destinations WHERE account_id IN ('slow', 'bold', 'held');
            UPDATE destinations SET breaker = false WHERE account_id = 'bold';
            UPDATE destinations SET paused = true WHERE account_id = 'held';
            """);
        foreach (var account in (string[])["leaving", "lasting"]) Assert.Equal(201, (await hub.PayAsync("psp", account, account)).Status);
        await Eventually.TrueAsync(() => ShowsAsync(hub, 1, 1, 1), () => silo.Log);
        await Eventually.TrueAsync(() => Lines(silo.Log).Length == 2, () => silo.Log);
        Assert.Equal(
            ["Warning lasting hook failing", "Warning leaving hook gone"],
            Lines(silo.Log).Select(Told).Order(StringComparer.Ordinal));
        Assert.Equal("gone", (await hub.GetAsync("/v1/accounts/leaving/destinations/hook")).Text("paused_reason"));
        Assert.Contains(" 410 Gone ", (await CliRun.Of($"destinations|list|leaving|--url|{hub.Url}|--key|{silo.Key}")).Out, StringComparison.Ordinal);

        foreach (var account in (string[])["leaving", "lasting"])
        {
            server.Answer($"/{account}", 200);
            Assert.Equal(200, (await hub.PutAsync($"/v1/accounts/{account}/destinations/hook", new { url = server.UrlOf($"/{account}").ToString() })).Status);
        }

        await Eventually.TrueAsync(() => ShowsAsync(hub, 0, 0, 1), () => silo.Log);
        Assert.Equal(2, Lines(silo.Log).Length);
    }

    /// <summary>Whether the metrics and the status say so: counts of destinations that are paused as failing and as gone, and of breakers.</summary>
    private static async Task<bool> ShowsAsync(HubClient hub, int failing, int gone, int breakers)
    {
        var metrics = Encoding.UTF8.GetString((await hub.GetAsync("/metrics")).Bytes);
        string[] series =
        [
            $"\nmomo_destinations_paused{{reason=\"failing\"}} {failing}\n", $"\nmomo_destinations_paused{{reason=\"gone\"}} {gone}\n",
            $"\nmomo_breakers_open {breakers}\n",
        ];
        var status = (await hub.GetAsync("/status")).Json;
        var paused = status.GetProperty("paused_destinations");
        return series.All(one => metrics.Contains(one, StringComparison.Ordinal)) && metrics.Split("\nmomo_destinations_paused{").Length == 3
            && (paused.GetProperty("failing").GetInt32(), paused.GetProperty("gone").GetInt32()) == (failing, gone)
            && status.GetProperty("open_breakers").GetInt32() == breakers;
    }

    private static string Told(string line)
    {
        var json = JsonElement.Parse(line);
        var state = json.GetProperty("State");
        string[] fields = [.. new[] { "Account", "Destination", "Reason" }.Select(name => state.GetProperty(name).GetString()!)];
        return $"{json.GetProperty("LogLevel").GetString()} {string.Join(' ', fields)}";
    }

    private static string[] Lines(string log) => [.. log.Split('\n').Where(line => line.Contains(Category, StringComparison.Ordinal))];
}
