using System.Text.Json;
using MoMo.Cli;
using MoMo.Client.Wire;
using MoMo.Tests.Client;

namespace MoMo.Tests.Cli;

/// <summary>Whatever the API lets a destination say, the command line can say as well.</summary>
public sealed class DestinationOptionsTests
{
    private const string Options =
        "--to|https://new.example/|--settings|{\"a\":1}|--credentials|{\"password\":\"p\"}|--paused|true|--order|none|--retry-waits|5,90s,30m,2h"
        + "|--max-concurrency|3|--rate|0.5|--breaker|false|--events|adapter.state|--currencies|KES|--psps|mpesa";

    /// <summary>A destination of which everything is otherwise.</summary>
    private const string Seen =
        """
        {"id":"main","account_id":"acme","kind":"webhook","url":"https://old.example/","settings":{"b":2},"paused":false,"order":"account","retry_waits":[7],
        "max_concurrency":9,"rate_per_second":9,"breaker":true,"events":["payment.accepted"],"currencies":["UGX"],"psps":["bank"],"signing":"v1",
        "created_at":"2026-01-31T12:00:00Z","version":4}
        """;

    private static readonly string[] All = [.. MoMoJson.Default.DestinationSpec.Properties.Select(property => property.Name)];

    [Fact]
    public async Task All_that_the_API_takes_can_be_said_when_a_destination_is_made()
    {
        var sent = await SentAsync($"destinations|add|acme|main|--kind|webhook|--signing|v1a|{Options}", "POST");
        Assert.Equal(All.Order(), sent.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(("v1a", "[5,90,1800,7200]", false), (sent.GetProperty("signing").GetString(), sent.GetProperty("retry_waits").GetRawText(), sent.GetProperty("breaker").GetBoolean()));
    }

    [Fact]
    public async Task All_that_may_change_can_be_changed()
    {
        var (seen, sent) = (JsonElement.Parse(Seen), await SentAsync($"destinations|set|acme|main|{Options}", "PUT"));
        // What is fixed when it is made: its id is in the address.
        foreach (var name in All.Except(["id", "kind", "signing"]))
        {
            Assert.True(sent.TryGetProperty(name, out var value), $"{name} is not sent.");
            Assert.False(seen.TryGetProperty(name, out var before) && JsonElement.DeepEquals(before, value), $"{name} stays as it was.");
        }
    }

    [Fact]
    public async Task What_is_not_said_stays_and_the_schedule_can_be_the_standards_again()
    {
        var same = await SentAsync("destinations|set|acme|main", "PUT");
        Assert.Equal("[7]", same.GetProperty("retry_waits").GetRawText());
        Assert.Empty(All.Except(["id", "signing", "credentials"]).Except(same.EnumerateObject().Select(field => field.Name)));
        Assert.False((await SentAsync("destinations|set|acme|main|--retry-waits|standard", "PUT")).TryGetProperty("retry_waits", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5,,6")]
    [InlineData("5x")]
    [InlineData("-5")]
    [InlineData("99999999999")]
    [InlineData("999999h")]
    public async Task Waits_that_can_not_be_read_are_refused_before_the_hub_is_asked(string waits)
    {
        await using var hub = await FakeHub.StartAsync(200, Seen);
        var run = await CliRun.Of(hub, $"destinations|set|acme|main|--retry-waits|{waits}");
        Assert.Equal(ExitCode.Misused, run.ExitCode);
        Assert.Contains("5s,5m,30m,2h", run.Error, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task The_list_shows_how_destinations_fare()
    {
        static string Health(string health) => $"{Seen[..^1]},\"health\":{health}}}";
        await using var hub = await FakeHub.StartAsync(
            200,
            $$"""
            {"items":[{{Health("""{"breaker":"open","open_since":"2026-01-31T12:00:00Z","next_probe_at":"2026-01-31T12:08:00Z","recovering":false,"failing_since":"2026-01-31T11:00:00Z","waiting":10001,"oldest_waiting_at":"2026-01-31T10:00:00Z"}""")}},
            {{Health("""{"breaker":"closed","recovering":false,"waiting":3}""")}}]}
            """);
        var lines = (await CliRun.Of(hub, "destinations|list|acme")).Out.Split('\n');
        Assert.EndsWith("|paused|breaker|failing_since|waiting|oldest_waiting", Cells(lines[0]), StringComparison.Ordinal);
        Assert.EndsWith("|open till 2026-01-31 12:08:00Z|2026-01-31 11:00:00Z|10000+|2026-01-31 10:00:00Z", Cells(lines[1]), StringComparison.Ordinal);
        Assert.EndsWith("|3", Cells(lines[2]), StringComparison.Ordinal);
    }

    private static string Cells(string line) => string.Join('|', line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>The body of the one request of this method.</summary>
    private static async Task<JsonElement> SentAsync(string args, string method)
    {
        var sent = "";
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            if (context.Request.Method == method) sent = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await FakeHub.AnswerAsync(context, 200, Seen);
        });
        var run = await CliRun.Of(hub, args);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return JsonElement.Parse(sent);
    }
}
