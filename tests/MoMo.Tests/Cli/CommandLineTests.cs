using System.CommandLine;
using Microsoft.AspNetCore.Http;
using MoMo.Cli;
using MoMo.Tests.Client;

namespace MoMo.Tests.Cli;

public sealed class CommandLineTests
{
    private const string Well =
        """{"status":"ok","version":"0.1.0","silo":"s","started_at":"2026-01-31T12:00:00Z","database":true,"waiting":0}""";

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("pay|--help")]
    public async Task Help_teaches_by_examples(string args)
    {
        var run = await CliRun.Of(args);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:\n  momo pay 1250.50 KES --psp mpesa", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_has_a_description_and_an_example_that_parses()
    {
        var root = Momo.Create(new Shell(Terminal.OfProcess()));

        foreach (var verb in Descendants(root).Cast<Verb>())
        {
            Assert.False(string.IsNullOrEmpty(verb.Description), verb.Name);
            Assert.NotEmpty(verb.Examples);
            foreach (var example in verb.Examples)
            {
                // What the shell itself reads is not for us.
                var parsed = root.Parse(example.Split(" | ")[0].Split(" < ")[0].Replace('\'', '"'), Momo.Parsing);
                Assert.True(parsed.Errors.Count == 0, $"{example}: {string.Join(' ', parsed.Errors)}");
            }
        }
    }

    [Fact]
    public async Task The_script_at_the_root_tells_of_every_verb()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "momo"));

        Assert.All(
            Momo.Create(new Shell(Terminal.OfProcess())).Subcommands,
            verb => Assert.Matches($@"(?m)^  (.* )?{verb.Name} +[a-z]", script));
    }

    [Theory]
    [InlineData("pay|1|KES", "Option '--psp' is required. Option '--psp-reference' is required.", "momo pay --help")]
    [InlineData("payments", "Required command was not provided.", "momo payments --help")]
    [InlineData("payments|list|--limit|0", "--limit takes a number from 1 to 100000.", "momo payments list --help")]
    [InlineData("payments|list|--limit|x", "--limit takes a number from 1 to 100000.", "momo payments list --help")]
    [InlineData("payments|list|--from|today", "'today' is not a time", "momo payments list --help")]
    [InlineData("status|--url|ftp://hub", "'ftp://hub' is not an address", "Give --url like http://127.0.0.1:8080")]
    [InlineData("status|--key|a b", "the key has characters that no key has", "Check --key")]
    [InlineData("pay|1|KES|--psp|m|--psp-reference|1|--metadata|{", "--metadata is not JSON", "@FILE")]
    [InlineData("keys|remove|", "An id is not empty.", "--help")]
    [InlineData("accounts|show|.", "'.' can't be an id.", "--help")]
    [InlineData("adapters|add|a|--psp|p|--settings|@", "--settings: @ names no file", "@FILE")]
    [InlineData("import|/no/such|--adapter|bank", "there is no file /no/such", "Check the path.")]
    [InlineData("import|/|--adapter|bank", "/ is a folder", "Give one of the files in it.")]
    [InlineData("send|/", "/ is a folder", "Give one of the files in it.")]
    [InlineData("status|--data|/no/such", "there is no admin.key in /no/such", "--key")]
    [InlineData("psp|simulate|no-such|--account|a", "Argument 'no-such' not recognized. Must be one of: 'airtel' 'flutterwave-v3'", "momo psps simulate --help")]
    public async Task A_wrong_command_line_says_what_and_what_next(string args, string what, string next)
    {
        var run = await CliRun.Of(args);

        Assert.Equal(ExitCode.Misused, run.ExitCode);
        Assert.Empty(run.Out);
        var lines = run.Error.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"momo: {what}", lines[0], StringComparison.Ordinal);
        Assert.Contains(next, lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_is_not_running_can_be_started()
    {
        string url;
        await using (var hub = await FakeHub.StartAsync(200, Well)) url = hub.Url.ToString();

        var run = await CliRun.Of($"status|--url|{url}");

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Equal(
            $"momo: nothing listens at {url}\n      Is the hub running? Start it with ./momo up, or give its address with --url.\n",
            run.Error);
    }

    [Fact]
    public async Task A_hub_that_dies_amid_an_answer_is_to_be_asked_again()
    {
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Well.Length;
            await context.Response.WriteAsync(Well[..20]); // the server closes what stays shorter than it said
        });

        var run = await CliRun.Of(hub, "status");

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith($"momo: the connection to {hub.Url} failed: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("Try again: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "<html>nothing here</html>")]
    [InlineData(404, """{"code":"route-unknown","detail":"There is nothing at /v1/v1/psps."}""")]
    [InlineData(405, "")]
    [InlineData(200, "<html>welcome</html>")]
    public async Task What_is_no_hub_is_called_so(int status, string body)
    {
        await using var hub = await FakeHub.StartAsync(status, body);

        Assert.Contains("That is no hub, or a wrong path: check --url", (await CliRun.Of(hub, "psps|list")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_without_a_certificate_is_not_called_by_https()
    {
        await using var hub = await FakeHub.StartAsync(200, Well);

        var run = await CliRun.Of($"status|--url|{hub.Url.ToString().Replace("http:", "https:", StringComparison.Ordinal)}");

        Assert.StartsWith("momo: no secure connection to https://", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("see inner exception", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_fields()
    {
        await using var hub = await FakeHub.StartAsync(409, Samples.Differs);

        var run = await CliRun.Of(hub, "pay|1|KES|--psp|mpesa|--psp-reference|QK1");

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Equal(
            "momo: QK1 was used with another amount. (payment-differs); amount: It was 1250.50.\n"
            + "      Look at what is there already before you send this again.\n",
            run.Error);
    }

    [Fact]
    public async Task A_lone_fault_is_said_once()
    {
        await using var hub = await FakeHub.StartAsync(
            422, """{"title":"Refused","status":422,"detail":"There is no PSP 'x'.","code":"psp-unknown","errors":{"psp":["There is no PSP 'x'."]}}""");

        var run = await CliRun.Of(hub, "adapters|add|a|--psp|x");

        Assert.StartsWith("momo: There is no PSP 'x'. (psp-unknown) in psp\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_given_or_in_the_environment_or_in_the_data_folder()
    {
        await using var hub = await FakeHub.StartAsync(200, Well);
        using var file = new TemporaryFile("admin.key", "of-folder\n");

        await CliRun.Of("status|--key|given", variables: [("MOMO_URL", hub.Url.ToString()), ("MOMO_KEY", "of-environment")]);
        Assert.Equal("Bearer given", hub.Authorization);

        await CliRun.Of("status", variables: [("MOMO_URL", hub.Url.ToString()), ("MOMO_KEY", "of-environment")]);
        Assert.Equal("Bearer of-environment", hub.Authorization);

        await CliRun.Of("status", variables: [("MOMO_URL", hub.Url.ToString()), ("MOMO_DATA", file.Folder)]);
        Assert.Equal("Bearer of-folder", hub.Authorization);

        await CliRun.Of("status", variables: [("MOMO_URL", hub.Url.ToString()), ("MOMO_DATA", "/no/such/folder")]);
        Assert.Null(hub.Authorization);
    }

    [Fact]
    public void The_admin_key_of_this_machine_stays_on_it()
    {
        using var file = new TemporaryFile("admin.key", "secret");
        var options = new GlobalOptions();
        var root = new Command("momo");
        options.AddTo(root);
        var terminal = new Terminal
        {
            Out = TextWriter.Null, Error = TextWriter.Null, RawOut = () => Stream.Null, RawIn = () => Stream.Null, Rich = false,
            Variable = name => name == "MOMO_DATA" ? file.Folder : null,
        };

        Assert.Null(Address.Of(root.Parse("--url http://hub.example"), options, terminal).Key);
        Assert.Equal("secret", Address.Of(root.Parse($"--url http://hub.example --data {file.Folder}"), options, terminal).Key);
        Assert.Equal("secret", Address.Of(root.Parse(""), options, terminal).Key);
    }

    [Theory]
    [InlineData("ok", 0)]
    [InlineData("degraded", 1)]
    public async Task Status_tells_scripts_by_its_exit_code(string status, int exitCode)
    {
        await using var hub = await FakeHub.StartAsync(200, Well.Replace("ok", status, StringComparison.Ordinal));

        var run = await CliRun.Of(hub, "status");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Matches($@"^status +{status}\nversion +0\.1\.0\n", run.Out);
    }

    [Fact]
    public async Task Status_says_where_a_count_ends()
    {
        await using var hub = await FakeHub.StartAsync(200, Well.Replace("\"waiting\"", "\"deliveries\":{\"pending\":10000,\"dead\":9999},\"waiting\"", StringComparison.Ordinal));

        Assert.Contains("pending: 10000+, dead: 9999\n", (await CliRun.Of(hub, "status")).Out, StringComparison.Ordinal);
        Assert.Contains("""{"pending":10000,"dead":9999}""", (await CliRun.Of(hub, "status|--json")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", 0, "3 payments checked: all is well.")]
    [InlineData("false", 4, "3 payments checked: a law is broken.")]
    public async Task Verify_tells_scripts_by_its_exit_code(string ok, int exitCode, string verdict)
    {
        await using var hub = await FakeHub.StartAsync(
            200, $$"""{"ok":{{ok}},"payments":3,"checks":[{"law":"Numbers have no gap.","broken":0}]}""");

        var run = await CliRun.Of(hub, "verify");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal($"law                   broken  first\nNumbers have no gap.       0\n{verdict}\n", run.Out);
    }

    private static IEnumerable<Command> Descendants(Command command) =>
        command.Subcommands.SelectMany(child => Descendants(child).Prepend(child));
}
