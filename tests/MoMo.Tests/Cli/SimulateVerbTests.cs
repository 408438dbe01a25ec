using System.Globalization;
using System.Text.Json;
using MoMo.Cli;
using MoMo.Cli.Simulation;
using MoMo.Edge.Psps;
using MoMo.Tests.Client;
using MoMo.Tests.Support;

namespace MoMo.Tests.Cli;

/// <summary>The simulated PSPs against a real silo: whatever they do, each payment that was sent is there once, and nothing else.</summary>
public sealed class SimulateVerbTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const string Bad = "--count|100|--rate|1000|--late|20%|--twice|20|--changed|20%|--lost|20%|--shuffled|--wrong-signature|20%|--json";

    /// <summary>All families; a seed each, so that their payments differ.</summary>
    public static IEnumerable<object[]> Families => PspFamily.All.Select((family, index) => new object[] { family.Name, index + 7 });

    [Theory, MemberData(nameof(Families))]
    public async Task Whatever_a_psp_does_each_payment_counts_once(string name, int seed)
    {
        var (family, psp) = (PspFamily.All.Single(one => one.Name == name), $"sim-{name}");
        var args = $"psp|simulate|{name}|--account|acme|--reference|4711|--seed|{seed}|{Bad}";
        var first = await RunAsync(args);
        Assert.Equal((ExitCode.Done, $"Adapter {psp}, seed {seed}.\n"), (first.ExitCode, first.Error));
        var sent = Lines(first).Where(one => one.TryGetProperty("sent", out _)).ToList();
        var kinds = sent.CountBy(one => one.GetProperty("sent").GetString()!).ToDictionary();
        Assert.Equal(["changed", "late", "lost", "plain", "twice", "wrong signature"], kinds.Keys.Order(StringComparer.Ordinal));
        var told = sent.Where(one => one.GetProperty("sent").GetString() is "plain" or "late").ToList();
        Assert.Equal(100, told.Count + kinds["lost"]);
        await AssertForgeriesAsync(family, psp, kinds["wrong signature"]);
        if (family.Pays) await AssertChangedAsync(psp, kinds["changed"]);

        Assert.Equal(ExitCode.Done, (await RunAsync(args)).ExitCode); // the same again: a PSP that repeats itself

        // An STK callback names no customer, but the push.
        if (family.Pays) await AssertPaidAsync(psp, told, name == "mpesa-stk" ? "LIKE 'ws_CO_SIM%'" : "= '4711'");
        else Assert.Equal(told.Count, await fixture.CountAsync($"(SELECT DISTINCT psp_reference FROM message_notices WHERE adapter_id = '{psp}') AS told"));
        Assert.Equal(family.Pays ? told.Count : 0, await fixture.CountAsync($"payments WHERE psp_id = '{psp}'"));
        var summary = Lines(first)[^1].GetProperty("summary");
        Assert.Equal(
            (told.Count, told.Count, 0, 0, 0),
            (summary.GetProperty("expected").GetInt32(), summary.GetProperty("there").GetInt32(), summary.GetProperty("missing").GetInt32(),
                summary.GetProperty("differ").GetInt32(), summary.GetProperty("forged").GetInt32()));
    }

    /// <summary>The PSPs whose callbacks only ring.</summary>
    public static IEnumerable<object[]> Asked => PspFamily.All.Where(family => family is IAskedFamily).Select((family, index) => new object[] { family.Name, index + 70 });

    [Theory, MemberData(nameof(Asked))]
    public async Task With_its_status_api_the_whole_loop_runs(string name, int seed)
    {
        var psp = $"sim-{name}-asked";
        var args = $"psp|simulate|{name}|--account|acme|--seed|{seed}|--count|30|--rate|1000|--status|--late|20|--twice|20|--changed|20|--lost|20|--shuffled|--wrong-signature|20|--json";
        var run = await RunAsync(args);
        Assert.True(run.ExitCode == ExitCode.Done, $"{run.Out}{run.Error}");
        Assert.Contains("The PSP's status API is at http://127.0.0.1:", run.Error, StringComparison.Ordinal);
        var kinds = Lines(run).Where(one => one.TryGetProperty("sent", out _)).Select(one => one.GetProperty("sent").GetString()!).CountBy(one => one).ToDictionary();
        Assert.Equal(["changed", "late", "lost", "plain", "twice", "wrong signature"], kinds.Keys.Order(StringComparer.Ordinal));
        // All that was paid, lost or not, once, and as the PSP answered it.
        var summary = Lines(run)[^1].GetProperty("summary");
        Assert.Equal(
            (30, 30, 0, 0), (summary.GetProperty("expected").GetInt32(), summary.GetProperty("there").GetInt32(), summary.GetProperty("differ").GetInt32(), summary.GetProperty("forged").GetInt32()));
        Assert.Equal(30, await fixture.CountAsync($"payments WHERE psp_id = '{psp}' AND account_id = 'acme'"));
        // Each was asked about; of forgeries, whoever sent them did not know the address or the secret.
        Assert.Equal(30, await fixture.CountAsync($"status_questions WHERE adapter_id = '{psp}'"));
    }

    [Theory]
    [InlineData("mpesa", 81)]
    [InlineData("selcom", 82)]
    public async Task A_hub_that_is_asked_before_says_yes_to_what_it_knows_and_no_to_the_rest(string name, int seed)
    {
        var args = $"psp|simulate|{name}|--validate|--seed|{seed}|--count|10|--rate|1000|--account";
        var known = await RunAsync($"{args}|acme|--adapter|sim-{name}-v");
        Assert.Equal(ExitCode.Done, known.ExitCode);
        Assert.Matches("asked before +may be paid +taken +10", known.Out);
        Assert.DoesNotContain("NOT AS EXPECTED", known.Out, StringComparison.Ordinal);
        Assert.Contains("Of 10 payments told, the hub has 10 as first sent", known.Out, StringComparison.Ordinal);

        // What may not be paid is not paid: nothing is confirmed.
        var unknown = await RunAsync($"{args}|nobody|--adapter|sim-{name}-w");
        Assert.Equal(ExitCode.Partly, unknown.ExitCode);
        Assert.Matches("asked before +may be paid +refused +10 +NOT AS EXPECTED", unknown.Out);
        Assert.DoesNotContain("plain", unknown.Out, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = 'sim-{name}-w'"));
    }

    [Fact]
    public async Task A_psp_that_is_not_asked_has_no_status_api_and_a_taken_port_is_told()
    {
        var refused = await RunAsync("psp|simulate|wave|--account|acme|--status");
        Assert.Equal(ExitCode.Misused, refused.ExitCode);
        Assert.Contains("wave is not asked how a payment stands", refused.Error, StringComparison.Ordinal);
        var unasked = await RunAsync("psp|simulate|wave|--account|acme|--validate");
        Assert.Equal(ExitCode.Misused, unasked.ExitCode);
        Assert.Contains("wave does not ask whether a payment may be made", unasked.Error, StringComparison.Ordinal);
        Assert.Contains("--validate is for mpesa, selcom.", unasked.Error, StringComparison.Ordinal);
        var taken = await RunAsync($"psp|simulate|mtn|--account|acme|--status|--status-port|{fixture.Hub.Url.Port}");
        Assert.Equal(ExitCode.Failed, taken.ExitCode);
        Assert.Contains("Give another --status-port.", taken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_psp_that_calls_the_hub_can_be_simulated() =>
        Assert.Empty(CallbackFormats.All.Select(format => format.Name).Except(PspFamily.All.Select(family => family.Format)));

    [Fact]
    public async Task A_summary_tells_what_was_sent_expected_and_said_and_what_the_hub_has()
    {
        var run = await RunAsync("psp|simulate|wave|--adapter|sim-told|--account|acme|--seed|90|--count|20|--rate|1000|--twice|100|--wrong-signature|100");

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(
            """
            sent             expected                      the hub said  messages
            plain            taken                         taken               20
            twice            taken, counts once            taken               20
            wrong signature  not admitted, no money of it  not admitted        20
            Of 20 payments told, the hub has 20 as first sent, 0 otherwise, 0 not at all; and 0 forgeries.

            """.ReplaceLineEndings("\n"),
            run.Out);
    }

    [Fact]
    public async Task A_hub_that_says_yes_to_all_and_keeps_nothing_is_found_out()
    {
        const string adapter =
            """{"id":"a","name":"a","psp":"p","mode":"live","format":"wave","state":"new","created_at":"2026-01-31T12:00:00Z","version":1}""";
        await using var hub = await FakeHub.StartAsync(context => FakeHub.AnswerAsync(
            context, 200, context.Request.Path.Value!.StartsWith("/v1/adapters/", StringComparison.Ordinal) ? adapter : """{"items":[]}"""));
        using var secrets = new TemporaryFile("wave.json", """{"signing_secret":"s1"}""");
        var run = await CliRun.Of(
            hub, $"psp|simulate|wave|--account|acme|--adapter|a|--callback|/v1/callbacks/a/x|--credentials|@{secrets.Path}|--count|3|--rate|1000|--wrong-signature|100");

        Assert.Equal(ExitCode.Partly, run.ExitCode);
        Assert.Contains("wrong signature  not admitted, no money of it  taken                3  NOT AS EXPECTED\n", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("Of 3 payments told, the hub has 0 as first sent, 0 otherwise, 3 not at all; and 0 forgeries.\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(6, hub.Requests.Count(one => one == "POST /v1/callbacks/a/x"));
    }

    [Fact]
    public async Task A_hub_that_does_not_answer_is_told_in_the_summary()
    {
        const string adapter =
            """{"id":"a","name":"a","psp":"p","mode":"live","format":"mtn-momo","state":"new","created_at":"2026-01-31T12:00:00Z","version":1}""";
        await using var hub = await FakeHub.StartAsync(context =>
        {
            if (context.Request.Method == "GET") return FakeHub.AnswerAsync(context, 200, context.Request.Path.Value!.EndsWith("/a", StringComparison.Ordinal) ? adapter : """{"items":[]}""");
            context.Abort();
            return Task.CompletedTask;
        });
        var run = await CliRun.Of(hub, "psp|simulate|mtn|--account|acme|--adapter|a|--callback|/v1/callbacks/a/x|--count|2|--rate|1000");

        Assert.Equal(ExitCode.Partly, run.ExitCode);
        Assert.Contains("plain  taken     no answer            2  NOT AS EXPECTED\n", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("2 not at all; and 0 forgeries.\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mtn|--status-port|8181", "--status-port is the port of a status API, and none is served", "Give --status, too")]
    [InlineData("json|--callback|/v1/callbacks/a/x", "json is not called at a secret path", "Leave --callback out.")]
    [InlineData("mpesa|--credentials|@/nowhere", "mpesa signs nothing", "Leave --credentials out.")]
    [InlineData("mtn|--credentials|@/nowhere", "mtn signs nothing", "It is asked with credentials: give --status, too")]
    public async Task What_would_change_nothing_is_refused(string given, string complaint, string advice)
    {
        var run = await RunAsync($"psp|simulate|{given}|--account|acme");
        Assert.Equal(ExitCode.Misused, run.ExitCode);
        Assert.Contains(complaint, run.Error, StringComparison.Ordinal);
        Assert.Contains(advice, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_that_was_made_for_something_else_is_left_alone_and_a_given_one_needs_its_secret()
    {
        await fixture.Hub.AddPspAsync("books");
        await fixture.Hub.AddAdapterAsync("books", "books", "json");
        var other = await RunAsync("psp|simulate|mpesa|--adapter|books|--account|acme");
        Assert.Equal(ExitCode.Misused, other.ExitCode);
        Assert.Contains("adapter books reads json, and mpesa speaks mpesa-c2b", other.Error, StringComparison.Ordinal);
        var secretless = await RunAsync("psp|simulate|paystack|--adapter|books|--callback|/x|--account|acme");
        Assert.Equal(ExitCode.Misused, secretless.ExitCode);
        Assert.Contains("paystack signs with secret_key", secretless.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_makes_the_same_plan_and_another_one_another()
    {
        var bad = new Misbehaviour { Late = 20, Twice = 20, Changed = 20, Lost = 20, WrongSignature = 20, Shuffled = true };
        Assert.Equal(SimulationPlan.Make(1, 500, 10, "a", ["r"], "KES", bad), SimulationPlan.Make(1, 500, 10, "a", ["r"], "KES", bad));
        Assert.NotEqual(SimulationPlan.Make(1, 500, 10, "a", ["r"], "KES", bad), SimulationPlan.Make(2, 500, 10, "a", ["r"], "KES", bad));
    }

    /// <summary>Each is there once, as it was sent first, out of order or not.</summary>
    private async Task AssertPaidAsync(string psp, IReadOnlyList<JsonElement> told, string reference)
    {
        Assert.Equal(told.Count, await fixture.CountAsync($"payments WHERE psp_id = '{psp}' AND account_id = 'acme' AND reference_id {reference}"));
        var scale = told[0].GetProperty("currency").GetString() is "UGX" or "XOF" ? 1 : 100;
        var minor = told.Sum(one => (long)(decimal.Parse(one.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture) * scale));
        Assert.Equal(minor, await Sql.AskAsync<long>(fixture.ConnectionString, $"SELECT sum(amount_minor)::bigint FROM payments WHERE psp_id = '{psp}'"));
    }

    /// <summary>What came again with another amount is kept beside its payment.</summary>
    private async Task AssertChangedAsync(string psp, int changed) => Assert.Equal(changed, await fixture.CountAsync(
        $"(SELECT DISTINCT k.payment_id FROM kept_messages k JOIN payments p ON p.id = k.payment_id WHERE k.why = 'payment-differs' AND p.psp_id = '{psp}') AS kept"));

    /// <summary>A signature that is wrong is proved; who did not even know the path leaves no trace.</summary>
    private async Task AssertForgeriesAsync(PspFamily family, string psp, int forged)
    {
        Assert.Equal(
            family.Credential is null ? 0 : forged,
            await fixture.CountAsync($"kept_messages WHERE adapter_id = '{psp}' AND why = 'signature-wrong' AND payment_id IS NULL"));
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{psp}' AND psp_reference LIKE '%F'"));
        Assert.Equal(0, await fixture.CountAsync($"message_notices WHERE adapter_id = '{psp}' AND psp_reference LIKE '%F'"));
    }

    private static List<JsonElement> Lines(CliRun run) => [.. run.Out.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];

    private Task<CliRun> RunAsync(string args) => CliRun.Of($"{args}|--url|{fixture.Hub.Url}|--key|{fixture.Silo.Key}");
}
