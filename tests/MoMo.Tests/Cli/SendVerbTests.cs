using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Cli;
using MoMo.Tests.Client;

namespace MoMo.Tests.Cli;

public sealed class SendVerbTests
{
    private const string Good = """{"psp":"mpesa","psp_reference":"QK1","amount":"1","currency":"KES"}""";

    [Fact]
    public async Task Answers_carry_the_lines_of_the_file()
    {
        await using var hub = await FakeHub.StartAsync(BulkTests.EchoAsync);
        using var file = new TemporaryFile("p.ndjson", $"{Good}\n\nnot json\n{Good.Replace("QK1", "QK2", StringComparison.Ordinal)}\n");

        var run = await CliRun.Of(hub, $"send|{file.Path}|--json");

        var lines = run.Out.TrimEnd().Split('\n');
        Assert.Equal(ExitCode.Partly, run.ExitCode);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("""{"line":1,"status":201,"id":"QK1",""", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("""{"line":3,"status":400,"replayed":false,"code":"line-malformed",""", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("""{"line":4,"status":201,"id":"QK2",""", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_set_aside_stands_between_the_answers_to_its_neighbours()
    {
        await using var hub = await FakeHub.StartAsync(BulkTests.EchoAsync);
        using var file = new TemporaryFile("p.ndjson", string.Concat(Enumerable.Range(1, 300).Select(line => line % 3 == 0 ? "[]\n" : $"{Good}\n")));

        var run = await CliRun.Of(hub, $"send|{file.Path}|--json");

        Assert.Equal(Enumerable.Range(1, 300), run.Out.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line).GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task Lines_are_sent_as_they_stand_and_the_hub_judges_them()
    {
        List<byte> received = [];
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.AddRange(body.ToArray());
            for (var line = 1; line <= body.ToArray().Count(one => one == '\n'); line++) await context.Response.WriteAsync($$"""{"line":{{line}},"status":201}""" + "\n");
        });
        byte[] lines =
        [
            .. """{"PSP":"mpesa","amount":1.50}"""u8, (byte)'\r', (byte)'\n', .. "{\"psp_reference\":\""u8, 0xFF, 0xFE, .. "\"}\n"u8,
            .. """{"metadata":{"a":1,"a":2}}"""u8, (byte)'\n',
        ];

        var run = await CliRun.Of(hub, "send|-", input: new MemoryStream([.. "\uFEFF"u8, .. lines]));

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(lines, received);
    }

    [Fact]
    public async Task A_line_that_is_too_long_ends_nothing()
    {
        await using var hub = await FakeHub.StartAsync(BulkTests.EchoAsync);
        using var file = new TemporaryFile("p.ndjson", $"{new string('x', 300_000)}\n{Good}\n{{\"a\":\"{new string('x', 65_530)}\"}}\n{Good}\n{new string('x', 70_000)}");

        var run = await CliRun.Of(hub, $"send|{file.Path}|--json");

        Assert.Equal(
            ["1 400", "2 201", "3 400", "4 201", "5 400"],
            run.Out.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line)).Select(line => $"{line.GetProperty("line")} {line.GetProperty("status")}"));
    }

    [Fact]
    public async Task A_hub_that_is_down_is_told_though_the_input_goes_on()
    {
        Uri gone;
        await using (var hub = await FakeHub.StartAsync(200, "")) gone = hub.Url;
        using var input = new UnendingStream($"{Good}\n");

        var run = await CliRun.Of($"send|-|--url|{gone}", input);

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("nothing listens at", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"line":1,"status":201,"outcome":"accepted"}""", ExitCode.Done, "accepted             1")]
    [InlineData("""{"line":1,"status":201,"outcome":"suspense"}""", ExitCode.Done, "suspense             1")]
    [InlineData("""{"line":1,"status":200,"outcome":"accepted","replayed":true}""", ExitCode.Done, "taken before         1")]
    [InlineData("""{"line":1,"status":409,"code":"payment-differs","detail":"No."}""", ExitCode.Failed, "1     409  payment-differs  No.")]
    public async Task The_summary_counts_by_outcome(string answer, int exitCode, string expected)
    {
        await using var hub = await FakeHub.StartAsync(context => context.Response.WriteAsync(answer + "\n"));
        using var file = new TemporaryFile("p.ndjson", Good);

        var run = await CliRun.Of(hub, $"send|{file.Path}");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["psp"]""")]
    [InlineData("""{"psp":"mpesa"} {}""")]
    [InlineData("""{"psp":"mpesa" """)]
    [InlineData("null")]
    public async Task A_line_that_is_no_object_is_not_sent(string line)
    {
        await using var hub = await FakeHub.StartAsync(BulkTests.EchoAsync);
        using var file = new TemporaryFile("p.ndjson", $"{Good}\n{line}\n");

        var run = await CliRun.Of(hub, $"send|{file.Path}");

        Assert.Equal(ExitCode.Partly, run.ExitCode);
        Assert.Contains("2     400  line-malformed  The line is not one payment", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_line_says_what_is_wrong_with_each_field()
    {
        const string answer = """{"line":1,"status":422,"code":"payment-malformed","detail":"2 fields.","errors":{"amount":["No amount."],"psp":["No PSP."]}}""";
        await using var hub = await FakeHub.StartAsync(context => context.Response.WriteAsync(answer + "\n"));
        using var file = new TemporaryFile("p.ndjson", Good);

        Assert.Contains("payment-malformed  No amount. No PSP.", (await CliRun.Of(hub, $"send|{file.Path}")).Out, StringComparison.Ordinal);
    }
}
