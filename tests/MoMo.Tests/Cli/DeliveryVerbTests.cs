using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MoMo.Cli;
using MoMo.Tests.Support;

namespace MoMo.Tests.Cli;

/// <summary>Deliveries and signing secrets from the command line, on a real hub with a real receiver.</summary>
public sealed partial class DeliveryVerbTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task Deliveries_are_listed_by_all_that_narrows_and_shown_with_their_attempts()
    {
        var (account, path) = await AddAsync(new[] { 1 });
        fixture.Server.Answer(path, 400);
        var dead = await PayAsync(account);
        await IsAsync(dead, "dead");
        fixture.Server.Answer(path, 200);
        var arrived = await PayAsync(account);
        await IsAsync(arrived, "delivered");

        var all = await RunAsync($"deliveries|list|--account|{account}|--json");
        Assert.Equal((ExitCode.Done, $"{arrived} delivered, {dead} dead"), (all.ExitCode, string.Join(", ", Lines(all).Select(Summary))));
        foreach (var narrow in (string[])["--state|dead", "--cause|account_rejected", "--destination|hook|--state|dead", "--limit|1|--state|dead"])
            Assert.Equal($"{dead} dead", Summary(Assert.Single(Lines(await RunAsync($"deliveries|list|--account|{account}|{narrow}|--json")))));
        Assert.Equal(new CliRun(0, "none\n", ""), await RunAsync($"deliveries|list|--account|{account}|--to|2026-01-01T00:00:00Z"));
        Assert.Contains($"{dead}  dead", (await RunAsync($"deliveries|list|--account|{account}")).Out, StringComparison.Ordinal);

        var shown = await RunAsync($"deliveries|show|{dead}");
        Assert.Equal(ExitCode.Done, shown.ExitCode);
        Assert.Matches("cause +account_rejected\n", shown.Out);
        Assert.Matches("history +number: 1, .*status: 400", shown.Out);
        var one = Assert.Single(Lines(await RunAsync($"deliveries|show|{dead}|--json")));
        Assert.Equal(2, one.GetProperty("history").GetArrayLength());

        var payment = one.GetProperty("payment_id").GetString();
        Assert.Equal(dead, Assert.Single(Lines(await RunAsync($"deliveries|list|--payment|{payment}|--json"))).GetProperty("id").GetString());
        Assert.Matches("deliveries +.*state: dead", (await RunAsync($"payments|show|{payment}")).Out);
    }

    [Fact]
    public async Task What_the_hub_refuses_is_one_complaint_and_a_failure()
    {
        foreach (var args in (string[])
            [
                $"deliveries|show|{Guid.Empty}", $"deliveries|retry|{Guid.Empty}", $"deliveries|watch|{Guid.Empty}", $"deliveries|stop-replay|{Guid.Empty}",
                "deliveries|list|--state|lost",
                "deliveries|replay|--cause|weather", "deliveries|replay|--destination|hook", "deliveries|replay|--account|acme|--destination|none",
                "deliveries|replay|--account|nobody", "deliveries|replay|--account|nobody|--dry-run",
                "destinations|rotate|acme|none", "destinations|rotate|nobody|hook",
            ])
        {
            var run = await RunAsync(args);
            Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
            Assert.StartsWith("momo: ", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.Misused, (await RunAsync("deliveries|retry")).ExitCode);
    }

    [Fact]
    public async Task Who_does_not_say_which_sends_nothing_again()
    {
        var (_, _, dead) = await AddDeadAsync();

        foreach (var args in (string[])["deliveries|replay", "deliveries|replay|--state|dead"])
        {
            var all = await RunAsync(args);
            Assert.Equal((ExitCode.Misused, ""), (all.ExitCode, all.Out));
            Assert.Contains("--all", all.Error, StringComparison.Ordinal);
        }

        await IsAsync(dead, "dead");
        Assert.Equal(ExitCode.Done, (await RunAsync("deliveries|replay|--all|--dry-run")).ExitCode);
    }

    [Fact]
    public async Task A_replay_to_a_paused_destination_says_so_and_goes_once_it_is_open()
    {
        var (account, path, dead) = await AddDeadAsync();
        fixture.Server.Answer(path, 200);
        Assert.Equal(ExitCode.Done, (await RunAsync($"destinations|set|{account}|hook|--paused|true")).ExitCode);

        var replayed = await RunAsync($"deliveries|replay|--account|{account}|--json");
        Assert.Contains("The destinations of 1 of them are paused", replayed.Error, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(Lines(replayed)).GetProperty("paused").GetInt32());
        await IsAsync(dead, "pending");

        Assert.Equal(ExitCode.Done, (await RunAsync($"destinations|set|{account}|hook|--paused|false")).ExitCode);
        await IsAsync(dead, "delivered");
    }

    [Fact]
    public async Task A_dead_delivery_is_retried_and_watched_to_its_end()
    {
        var (account, path) = await AddAsync(new[] { 1 });
        fixture.Server.Answer(path, 500);
        var delivery = await PayAsync(account);
        var died = await RunAsync($"deliveries|watch|{delivery}");
        Assert.Equal((ExitCode.Failed, ""), (died.ExitCode, died.Error));
        Assert.StartsWith("dead  attempts 2  status 500  ", died.Out.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);

        fixture.Server.Answer(path, 204);
        var retried = await RunAsync($"deliveries|retry|{delivery}|--json");
        Assert.Equal((ExitCode.Done, delivery), (retried.ExitCode, Assert.Single(Lines(retried)).GetProperty("id").GetString()));
        var arrived = await RunAsync($"deliveries|watch|{delivery}|--json");
        Assert.Equal(ExitCode.Done, arrived.ExitCode);
        Assert.Equal($"{delivery} delivered", Summary(Lines(arrived)[^1]));
        await fixture.Server.HasAsync(webhook => webhook.Id == delivery && webhook.Attempt == 3, "the third sending");
    }

    [Fact]
    public async Task A_retry_that_waits_for_a_paused_destination_says_so()
    {
        var (account, path) = await AddAsync(new[] { 1 });
        var delivery = await PayAsync(account);
        await IsAsync(delivery, "delivered");
        Assert.Equal(ExitCode.Done, (await RunAsync($"destinations|set|{account}|hook|--paused|true")).ExitCode);

        var retried = await RunAsync($"deliveries|retry|{delivery}");
        Assert.Equal(
            (ExitCode.Done, $"Destination hook of account {account} is paused: it waits until it no longer is.\n"), (retried.ExitCode, retried.Error));
        Assert.Matches("wait +reason: paused", retried.Out);

        Assert.Equal(ExitCode.Done, (await RunAsync($"destinations|set|{account}|hook|--paused|false")).ExitCode);
        await fixture.Server.HasAsync(webhook => webhook.Path == path && webhook.Attempt == 2, "the second sending");
    }

    [Fact]
    public async Task A_replay_is_counted_first_and_only_counted_when_it_is_dry()
    {
        var (account, path) = await AddAsync(new[] { 1 });
        fixture.Server.Answer(path, 400);
        var dead = new List<string>();
        for (var number = 0; number < 3; number++) dead.Add(await PayAsync(account));
        foreach (var one in dead) await IsAsync(one, "dead");
        fixture.Server.Answer(path, 200);

        var counted = await RunAsync($"deliveries|replay|--account|{account}|--dry-run|--json");
        Assert.Equal((ExitCode.Done, ""), (counted.ExitCode, counted.Error));
        Assert.Equal(3, Assert.Single(Lines(counted)).GetProperty("total").GetInt32());
        foreach (var one in dead) await IsAsync(one, "dead");

        var none = await RunAsync($"deliveries|replay|--account|{account}|--cause|account_unreachable");
        Assert.Equal((ExitCode.Done, "Deliveries to send again: 0.\n"), (none.ExitCode, none.Error));
        var replayed = await RunAsync($"deliveries|replay|--account|{account}|--destination|hook|--json");
        Assert.Equal(ExitCode.Done, replayed.ExitCode);
        Assert.Matches(@"^Deliveries to send again: 3, created from \S+ \S+Z to \S+ \S+Z\.\n$", replayed.Error);
        var answer = Assert.Single(Lines(replayed));
        Assert.Equal((3, 3), (answer.GetProperty("total").GetInt32(), answer.GetProperty("replayed").GetInt32()));
        Assert.True(answer.TryGetProperty("finished_at", out _));
        foreach (var one in dead) await IsAsync(one, "delivered");
        var stopped = Assert.Single(Lines(await RunAsync($"deliveries|stop-replay|{answer.GetProperty("id").GetString()}|--json")));
        Assert.Equal(answer.GetProperty("finished_at").GetString(), stopped.GetProperty("finished_at").GetString());
    }

    [Fact]
    public async Task A_destination_with_a_dead_letter_is_removed_only_by_who_gives_it_up()
    {
        var (account, _, dead) = await AddDeadAsync();

        var held = await RunAsync($"destinations|remove|{account}|hook");
        Assert.Equal(ExitCode.Failed, held.ExitCode);
        Assert.Contains("has 1 dead letter, ", held.Error, StringComparison.Ordinal);
        var removed = await RunAsync($"destinations|remove|{account}|hook|--give-up-dead-letters");
        Assert.Equal((ExitCode.Done, "Destination hook is removed.\n"), (removed.ExitCode, removed.Error));
        await IsAsync(dead, "dead");
        Assert.Contains("destination of this delivery was removed", (await RunAsync($"deliveries|retry|{dead}")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_see_how_far_a_long_replay_is()
    {
        // Some batches, of 500 each.
        const int many = 2_600;
        var (account, path) = await AddAsync(null);
        var lines = string.Join('\n', Enumerable.Range(0, many).Select(_ =>
            $$"""{"psp":"psp","psp_reference":"{{HubFixture.Fresh()}}","account_id":"{{account}}","amount":"1.00","currency":"KES"}"""));
        using var body = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        Assert.Equal(200, (await Hub.SendAsync(HttpMethod.Post, "/v1/payments/bulk", body)).Status);
        await Eventually.TrueAsync(
            async () => await fixture.CountAsync($"deliveries WHERE account_id = '{account}' AND state = 'delivered'") == many, () => "the deliveries");

        var run = await RunAsync($"deliveries|replay|--account|{account}|--state|delivered", rich: true);

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.StartsWith($"Deliveries to send again: {many}, ", run.Error, StringComparison.Ordinal);
        var percents = Percent().Matches(run.Out).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(100, percents[^1]);
        Assert.Contains(percents, percent => percent is > 0 and < 100);
        Assert.Equal(percents.Order(), percents);
        await Eventually.TrueAsync(
            () => fixture.Server.Received.Count(webhook => webhook.Path == path) == 2 * many, () => "all of it once more");
    }

    [Fact]
    public async Task A_secret_is_rotated_and_the_rotation_ended()
    {
        var (account, _) = await AddAsync(null);
        var rotated = await RunAsync($"destinations|rotate|{account}|hook|--json");
        Assert.Equal((ExitCode.Done, "Keep the secret now: it is never shown again.\n"), (rotated.ExitCode, rotated.Error));
        var shown = Assert.Single(Lines(rotated));
        Assert.StartsWith("whsec_", shown.GetProperty("secret").GetString(), StringComparison.Ordinal);
        Assert.True(shown.TryGetProperty("rotation_until", out _));

        // One at a time, so that nobody loses the secret that still signs.
        var again = await RunAsync($"destinations|rotate|{account}|hook");
        Assert.Equal((ExitCode.Failed, ""), (again.ExitCode, again.Out));
        Assert.Equal(ExitCode.Misused, (await RunAsync($"destinations|rotate|{account}|hook|--end|--undo")).ExitCode);
        var ended = await RunAsync($"destinations|rotate|{account}|hook|--end");
        Assert.Equal((ExitCode.Done, ""), (ended.ExitCode, ended.Error));
        Assert.DoesNotContain("rotation_until", ended.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, (await RunAsync($"destinations|rotate|{account}|hook|--undo")).ExitCode); // it is over
        Assert.DoesNotContain("secret", (await RunAsync($"destinations|show|{account}|hook")).Out, StringComparison.Ordinal);

        // What is sent from now on is signed with the new secret alone: the receiver knows no other.
        fixture.Server.Expect($"/{account}", shown.GetProperty("secret").GetString()!);
        await IsAsync(await PayAsync(account), "delivered");
        Assert.Empty(fixture.Server.Faults);
    }

    /// <summary>An account whose receiver has refused a payment for good.</summary>
    private async Task<(string Account, string Path, string Dead)> AddDeadAsync()
    {
        var (account, path) = await AddAsync([1]);
        fixture.Server.Answer(path, 400);
        var dead = await PayAsync(account);
        await IsAsync(dead, "dead");
        return (account, path, dead);
    }

    private async Task<(string Account, string Path)> AddAsync(int[]? waits)
    {
        var account = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddAccountAsync(account);
        var made = await Hub.PostAsync($"/v1/accounts/{account}/destinations", new
        {
            id = "hook", url = fixture.Server.UrlOf($"/{account}").ToString(), retryWaits = waits, order = "none",
        });
        Assert.True(made.Status == 201, made.ToString());
        fixture.Server.Expect($"/{account}", made.Text("secret")!);
        return (account, $"/{account}");
    }

    private async Task<string> PayAsync(string account)
    {
        var paid = await Hub.PayAsync("psp", HubFixture.Fresh(), account);
        Assert.True(paid.Status == 201, paid.ToString());
        var found = await Hub.GetAsync($"/v1/deliveries?payment_id={paid.Text("id")}");
        return Assert.Single(found.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString()!;
    }

    private Task IsAsync(string delivery, string state) => Eventually.TrueAsync(
        async () => (await Hub.GetAsync($"/v1/deliveries/{delivery}")).Text("state") == state, () => $"{delivery} to be {state}");

    private Task<CliRun> RunAsync(string args, bool rich = false) => CliRun.Of($"{args}|--url|{Hub.Url}|--key|{fixture.Silo.Key}", rich);

    private static List<JsonElement> Lines(CliRun run) => [.. run.Out.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line))];

    private static string Summary(JsonElement delivery) => $"{delivery.GetProperty("id").GetString()} {delivery.GetProperty("state").GetString()}";

    [GeneratedRegex(@"(\d+)%")]
    private static partial Regex Percent();
}
