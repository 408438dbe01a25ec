using MoMo.Tests.Cli;
using MoMo.Tests.Support;

namespace MoMo.Tests.Questions;

/// <summary>What was given up while a PSP was away is asked again on a person's word, all at once and once.</summary>
public sealed class AskAgainTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    [Fact]
    public async Task What_was_given_up_in_a_stretch_of_time_is_counted_and_asked_again_once()
    {
        var (adapter, references) = await GivenUpAsync(6);
        var path = $"/v1/adapters/{adapter}/status-questions/ask-again";
        // The first two were given up earlier.
        await Sql.DoAsync(
            fixture.Silo.Database.AppConnectionString,
            $"UPDATE status_questions SET ended_at = '2026-01-01T00:00:00Z' WHERE adapter_id = '{adapter}' AND reference IN ('{references[0]}', '{references[1]}')");
        var since = "2026-02-01T00:00:00Z";
        Assert.Equal((4, 0), Counted(await fixture.Hub.PostAsync(path, new { since, dry_run = true })));
        Assert.Equal((6, 0), Counted(await fixture.Hub.PostAsync(path, new { dry_run = true })));
        Assert.Equal((2, 0), Counted(await fixture.Hub.PostAsync(path, new { until = since, dry_run = true })));
        Assert.Equal(6, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}' AND state = 'given_up'"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => fixture.Hub.PostAsync(path, new { since })));
        Assert.Equal(4, answers.Sum(answer => Counted(answer).Asked));
        foreach (var reference in references[2..]) await fixture.UntilAsync(adapter, reference, "found");
        Assert.All(references, reference => Assert.Equal(Array.IndexOf(references, reference) < 2 ? 0 : 1, fixture.Psp.CountOf(reference)));
        Assert.Equal(4, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        Assert.Equal((0, 0), Counted(await fixture.Hub.PostAsync(path, new { since })));
    }

    [Fact]
    public async Task The_command_line_counts_first_and_asks_all_again()
    {
        var (adapter, references) = await GivenUpAsync(3);
        var common = $"adapters|questions|ask-again|{adapter}|--json|--url|{fixture.Hub.Url}|--key|{fixture.Silo.Key}";
        var dry = await CliRun.Of($"{common}|--dry-run");
        Assert.True(dry.ExitCode == 0, dry.ToString());
        Assert.Contains("\"total\":3,\"asked\":0", dry.Out, StringComparison.Ordinal);
        var run = await CliRun.Of($"{common}|--since|2026-01-01");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("Questions to ask again: 3", run.Error, StringComparison.Ordinal);
        Assert.Contains("\"total\":3,\"asked\":3", run.Out, StringComparison.Ordinal);
        foreach (var reference in references) await fixture.UntilAsync(adapter, reference, "found");
    }

    [Fact]
    public async Task Who_can_not_ask_may_count_and_nobody_else_than_an_administrator_may_do_either()
    {
        var (silent, _) = await fixture.AddAsync("mtn-momo", new { }, []);
        var path = $"/v1/adapters/{silent}/status-questions/ask-again";
        Assert.Equal("status-url-missing", (await fixture.Hub.PostAsync(path, new { })).Text("code"));
        Assert.Equal((0, 0), Counted(await fixture.Hub.PostAsync(path, new { dry_run = true })));
        var turned = await fixture.Hub.PostAsync(path, new { since = "2026-03-02T00:00:00Z", until = "2026-03-01T00:00:00Z", dry_run = true });
        Assert.Equal((422, "since"), (turned.Status, string.Join(' ', turned.Fields)));
        Assert.Equal(404, (await fixture.Hub.PostAsync("/v1/adapters/none/status-questions/ask-again", new { })).Status);
        foreach (var scope in (string[])[$"adapter:{silent}", "account:acme"])
        {
            using var other = fixture.Silo.As(await fixture.Hub.AddKeyAsync(scope));
            Assert.Equal(403, (await other.PostAsync(path, new { dry_run = true })).Status);
        }
    }

    private static (long Total, long Asked) Counted(HubAnswer answer)
    {
        Assert.True(answer.Status == 200, answer.ToString());
        return (answer.Json.GetProperty("total").GetInt64(), answer.Json.GetProperty("asked").GetInt64());
    }

    /// <summary>Questions that a PSP said nothing final about in time; now it would.</summary>
    private async Task<(string Adapter, string[] References)> GivenUpAsync(int count)
    {
        var (adapter, _) = await fixture.AddMtnAsync();
        var references = Enumerable.Range(0, count).Select(_ => AskingFixture.Fresh()).ToArray();
        foreach (var reference in references)
        {
            fixture.Psp.Says(reference, AskingFixture.Mtn($"id-{reference}"));
            await Sql.DoAsync(
                fixture.Silo.Database.AppConnectionString,
                $"""
                INSERT INTO status_questions (id, adapter_id, reference, origin, state, created_at, rung_at, due_at, until_at, ended_at, asks, tries, asked_at)
                VALUES (gen_random_uuid(), '{adapter}', '{reference}', 'doorbell', 'given_up', now(), now(), now(), now(), now(), 30, 30, now() - interval '1 hour')
                """);
        }

        return (adapter, references);
    }
}
