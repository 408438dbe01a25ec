using System.Diagnostics;
using MoMo.Cli;
using MoMo.Tests.Client;

namespace MoMo.Tests.Cli;

public sealed class VerbTests
{
    private const string Psp = """{"id":"mpesa","name":"M-Pesa","archived":false,"created_at":"2026-01-31T12:00:00Z","version":3}""";

    [Fact]
    public async Task Pay_says_whose_number_it_became()
    {
        await using var hub = await FakeHub.StartAsync(201, Samples.Payment);

        var run = await CliRun.Of(hub, "pay|1250.50|KES|--psp|mpesa|--psp-reference|QK1|--account|acme");

        Assert.Equal(new CliRun(0, "Taken: 1250.50 KES as p1, number 7 of account acme.\n", ""), run);
        Assert.Equal(["POST /v1/payments"], hub.Requests);
    }

    [Fact]
    public async Task An_adapter_that_is_made_says_that_its_callback_path_is_shown_once()
    {
        const string made =
            """
            {"id":"c2b","name":"c2b","psp":"mpesa","mode":"live","format":"mpesa-c2b","state":"new","callback_path":"/v1/callbacks/c2b/s",
             "archived":false,"created_at":"2026-01-31T12:00:00Z","version":1}
            """;
        await using var hub = await FakeHub.StartAsync(201, made);

        var run = await CliRun.Of(hub, "adapters|add|c2b|--psp|mpesa|--format|mpesa-c2b");

        Assert.Contains("/v1/callbacks/c2b/s", run.Out, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, "Keep the callback path now: it is secret, and never shown again.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Pay_says_how_to_get_it_out_of_suspense()
    {
        await using var hub = await FakeHub.StartAsync(201, Samples.PaymentInSuspense);

        var run = await CliRun.Of(hub, "pay|300|KES|--psp|mpesa|--psp-reference|QK2");

        Assert.Contains("momo suspense assign p2 ACCOUNT --reason WHY", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Lists_are_aligned_text_in_a_pipe()
    {
        await using var hub = await FakeHub.StartAsync(200, $$"""{"items":[{{Samples.Payment}},{{Samples.PaymentInSuspense}}]}""");

        var run = await CliRun.Of(hub, "payments|list|--account|acme|--from|2026-01-31T15:00+03:00|--limit|2");

        Assert.Equal(
            """
            id  status         amount  account  number  reference  psp    psp_reference  received_at
            p1  accepted  1250.50 KES  acme          7             mpesa  QK1            2026-01-31 12:00:00Z
            p2  suspense   300.00 KES                              mpesa  QK2            2026-01-31 12:00:00Z

            """.ReplaceLineEndings("\n"),
            run.Out);
        Assert.Equal(["GET /v1/payments?account_id=acme&from=2026-01-31T12%3A00%3A00Z&limit=3"], hub.Requests);
    }

    [Fact]
    public async Task Suspense_tells_whom_the_senders_named()
    {
        const string given = """
            "given":{"account_id":"Nobody","reference_id":"R 1","text":"gamma#7","shortcode":"174379"}
            """;
        var payment = Samples.PaymentInSuspense.Replace("\"currency\"", given + ",\"reversed\":\"10.00\",\"currency\"", StringComparison.Ordinal);
        await using var list = await FakeHub.StartAsync(200, $$"""{"items":[{{payment}},{{Samples.PaymentInSuspense}}]}""");
        await using var one = await FakeHub.StartAsync(200, payment);

        Assert.Equal(
            """
            id      amount   reversed  account  reference  text     shortcode  psp    psp_reference  received_at
            p2  300.00 KES  10.00 KES  Nobody   R 1        gamma#7  174379     mpesa  QK2            2026-01-31 12:00:00Z
            p2  300.00 KES                                                     mpesa  QK2            2026-01-31 12:00:00Z

            """.ReplaceLineEndings("\n"),
            (await CliRun.Of(list, "suspense|list")).Out);
        Assert.Contains(
            "account_id: Nobody, reference_id: R 1, text: gamma#7, shortcode: 174379\n", (await CliRun.Of(one, "payments|show|p2")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_are_drawn_for_people()
    {
        await using var hub = await FakeHub.StartAsync(200, $$"""{"items":[{{Psp}}]}""");

        var run = await CliRun.Of(hub, "psps|list", rich: true);

        Assert.Contains("│ mpesa │ M-Pesa │", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_wider_than_the_terminal_keeps_its_ids_in_one_piece()
    {
        const string id = "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
        await using var hub = await FakeHub.StartAsync(200, $$"""{"items":[{{Samples.PaymentInSuspense.Replace("p2", id, StringComparison.Ordinal)}}]}""");

        var run = await CliRun.Of(hub, "suspense|list", rich: true);

        Assert.Contains($"\n{id}  300.00 KES", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_are_aligned_by_what_a_terminal_shows_of_them()
    {
        var named = Psp.Replace("false", "true", StringComparison.Ordinal);
        var (wide, accented) = (named.Replace("M-Pesa", "銀行", StringComparison.Ordinal), named.Replace("M-Pesa", "Ba\u0301nk", StringComparison.Ordinal));
        await using var hub = await FakeHub.StartAsync(200, $$"""{"items":[{{named}},{{wide}},{{accented}}]}""");

        var run = await CliRun.Of(hub, "psps|list");

        Assert.Contains("mpesa  M-Pesa  yes\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("mpesa  銀行    yes\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("mpesa  Ba\u0301nk    yes\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_nobody_reads_any_further_is_not_fetched_any_further()
    {
        var page = string.Join(',', Enumerable.Repeat(Samples.Payment, 100));
        await using var hub = await FakeHub.StartAsync(200, $$"""{"items":[{{page}}],"next":"more"}""");
        var program = Path.Combine(AppContext.BaseDirectory, "momo-cli.dll");
        using var shell = Process.Start(new ProcessStartInfo(
            "sh", ["-c", $"dotnet '{program}' payments list --limit 100000 --json --url {hub.Url} | head -n 1"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (said, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();

        Assert.StartsWith("{\"id\":\"p1\"", await said, StringComparison.Ordinal);
        Assert.Equal("", await error);
        Assert.InRange(hub.Requests.Count, 1, 500); // of a thousand
    }

    [Fact]
    public async Task Lists_stop_at_their_limit_and_say_so()
    {
        await using var hub = await FakeHub.StartAsync(200, $$"""{"items":[{{Psp}},{{Psp}}],"next":"more"}""");

        var run = await CliRun.Of(hub, "psps|list|--limit|1|--json");

        Assert.Equal(Psp.Replace("Z", "+00:00", StringComparison.Ordinal) + "\n", run.Out);
        Assert.Equal("There are more than 1: raise --limit.\n", run.Error);
        Assert.Single(hub.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_payer_typed_cannot_steer_the_terminal(bool rich)
    {
        var hostile = Psp.Replace("M-Pesa", @"[red]\u001b]0;x\u0007\u009b\u2028\u2029\u202e", StringComparison.Ordinal);
        await using var hub = await FakeHub.StartAsync(200, $$"""{"items":[{{hostile}}]}""");

        var run = await CliRun.Of(hub, "psps|list", rich);

        Assert.Contains("[red]�]0;x�����", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\a", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_thing_is_shown_with_all_its_fields()
    {
        await using var hub = await FakeHub.StartAsync(200, Samples.Payment);

        var run = await CliRun.Of(hub, "payments|show|p1");

        Assert.Contains("psp_reference  QK1\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("decision       rule: account, verdict: found\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_changes_what_is_given_at_the_version_it_saw()
    {
        var body = "";
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await FakeHub.AnswerAsync(context, 200, Psp);
        });

        var run = await CliRun.Of(hub, "psps|set|mpesa|--archived|true");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["GET /v1/psps/mpesa", "PUT /v1/psps/mpesa If-Match \"3\""], hub.Requests);
        Assert.Equal("""{"name":"M-Pesa","archived":true}""", body);
    }

    [Fact]
    public async Task Remove_removes_at_the_version_it_saw()
    {
        await using var hub = await FakeHub.StartAsync(200, Psp);

        var run = await CliRun.Of(hub, "psps|remove|mpesa");

        Assert.Equal(new CliRun(0, "", "PSP mpesa is removed.\n"), run);
        Assert.Equal(["GET /v1/psps/mpesa", "DELETE /v1/psps/mpesa If-Match \"3\""], hub.Requests);
    }

    [Theory]
    [InlineData("accounts|add|acme|--name|Acme", "POST /v1/accounts", """{"id":"acme","name":"Acme","archived":false}""")]
    [InlineData("psps|add|mpesa", "POST /v1/psps", """{"id":"mpesa","name":"mpesa","archived":false}""")]
    [InlineData("references|add|acme|4711", "POST /v1/accounts/acme/references", """{"id":"4711","archived":false}""")]
    [InlineData(
        "destinations|add|acme|main|--to|https://a.example/", "POST /v1/accounts/acme/destinations",
        """{"id":"main","kind":"webhook","url":"https://a.example/","paused":false,"order":"reference"}""")]
    [InlineData(
        "destinations|add|acme|mail|--kind|email|--to|mailto:o@a.example|--settings|{\"batch\":{\"max\":9}}|--order|none|--currencies|KES, UGX|--rate|0.5",
        "POST /v1/accounts/acme/destinations",
        """{"id":"mail","kind":"email","url":"mailto:o@a.example","settings":{"batch":{"max":9}},"paused":false,"order":"none","rate_per_second":0.5,"currencies":["KES","UGX"]}""")]
    [InlineData(
        "destinations|add|acme|files|--kind|file|--credentials|{\"password\":\"p\"}|--max-concurrency|3|--events|adapter.state|--psps|mpesa",
        "POST /v1/accounts/acme/destinations",
        """{"id":"files","kind":"file","credentials":{"password":"p"},"paused":false,"order":"reference","max_concurrency":3,"events":["adapter.state"],"psps":["mpesa"]}""")]
    [InlineData(
        "adapters|add|bank|--psp|b|--format|csv|--settings|{\"columns\":[]}", "POST /v1/adapters",
        """{"id":"bank","name":"bank","psp":"b","format":"csv","settings":{"columns":[]},"archived":false}""")]
    [InlineData("adapters|state|bank|up|--lease|90", "POST /v1/adapters/bank/state", """{"state":"up","lease_seconds":90}""")]
    [InlineData("adapters|ask|mtn|r-1|--after|60", "POST /v1/adapters/mtn/status-questions", """{"reference":"r-1","after_seconds":60}""")]
    [InlineData("adapters|questions|list|mtn|--state|given_up", "GET /v1/adapters/mtn/status-questions?state=given_up&limit=51", "")]
    [InlineData("adapters|questions|counts|mtn|--from|2026-03-01", "GET /v1/adapters/mtn/status-questions/counts?from=2026-03-01T00%3A00%3A00Z", "")]
    [InlineData("adapters|questions|ask-again|mtn|--since|2026-03-01", "POST /v1/adapters/mtn/status-questions/ask-again", """{"since":"2026-03-01T00:00:00+00:00","dry_run":true}""")]
    [InlineData("adapters|channel|acknowledge|bank", "POST /v1/adapters/bank/channel/acknowledge", "")]
    [InlineData("keys|add|acme|--scope|admin|--scope|account:a", "POST /v1/keys", """{"name":"acme","scopes":["admin","account:a"]}""")]
    [InlineData("suspense|assign|p2|acme|--reason|why not", "POST /v1/suspense/p2/assign", """{"account_id":"acme","reason":"why not"}""")]
    [InlineData(
        "pay|1|KES|--psp|m|--psp-reference|Q|--text|acme#1|--shortcode|600000", "POST /v1/payments",
        """{"psp":"m","psp_reference":"Q","text":"acme#1","shortcode":"600000","amount":"1","currency":"KES"}""")]
    [InlineData("routing|--text|acme#1", "POST /v1/routing/dry-run", """{"text":"acme#1"}""")]
    [InlineData("deliveries|retry|d1", "POST /v1/deliveries/d1/retry", "")]
    public async Task Verbs_ask_the_hub_for_what_was_said(string args, string request, string body)
    {
        var sent = "";
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            sent = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await FakeHub.AnswerAsync(context, 422, """{"code":"enough"}""");
        });

        var run = await CliRun.Of(hub, args);

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Equal([request], hub.Requests);
        Assert.Equal(body, sent);
    }

    [Fact]
    public async Task Set_changes_what_is_named_of_a_destination_and_all_and_zero_take_limits_away()
    {
        var sent = "";
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            sent = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await FakeHub.AnswerAsync(
                context, 200,
                """
                {"id":"files","account_id":"acme","kind":"file","url":"file:///out/acme","settings":{"format":"csv"},"order":"account","max_concurrency":3,
                "rate_per_second":1,"breaker":true,"currencies":["KES"],"psps":["mpesa"],"signing":"none","created_at":"2026-01-31T12:00:00Z","version":4}
                """);
        });

        var run = await CliRun.Of(hub, "destinations|set|acme|files|--rate|0|--currencies|all");

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(
            """{"kind":"file","settings":{"format":"csv"},"paused":false,"order":"account","max_concurrency":3,"breaker":true,"psps":["mpesa"]}""", sent);
    }

    [Fact]
    public async Task A_proof_is_saved_whole_or_not_at_all()
    {
        await using var hub = await FakeHub.StartAsync(context =>
            context.Request.Path.Value!.Contains("/p1/", StringComparison.Ordinal)
                ? FakeHub.AnswerAsync(context, 200, "proof")
                : FakeHub.AnswerAsync(context, 404, "{}"));
        using var file = new TemporaryFile("proof.bin", "before");

        var missing = await CliRun.Of(hub, $"payments|proof|p9|--output|{file.Path}");
        Assert.Equal((ExitCode.Failed, "before"), (missing.ExitCode, await File.ReadAllTextAsync(file.Path)));

        var saved = await CliRun.Of(hub, $"payments|proof|p1|--output|{file.Path}");
        Assert.Equal((ExitCode.Done, "proof"), (saved.ExitCode, await File.ReadAllTextAsync(file.Path)));
        Assert.Single(Directory.GetFiles(file.Folder));
    }
}
