using System.IO.Pipes;
using System.Text.Json;
using MoMo.Cli;
using MoMo.Tests.Client;

namespace MoMo.Tests.Cli;

public sealed class ImportVerbTests
{
    [Theory]
    [InlineData("taken", 0, 0, ExitCode.Done)]
    [InlineData("taken", 1, 0, ExitCode.Partly)]
    [InlineData("taken", 0, 1, ExitCode.Partly)]
    public async Task The_exit_code_says_whether_all_was_taken(string state, int conflicts, int faults, int exitCode)
    {
        await using var hub = await FakeHub.StartAsync(201, Answer(state, conflicts, faults));
        using var file = new TemporaryFile("a.csv", "rows");

        var run = await CliRun.Of(hub, $"import|{file.Path}|--adapter|bank");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(["POST /v1/adapters/bank/files?name=a.csv"], hub.Requests);
    }

    [Fact]
    public async Task The_summary_counts_by_outcome_and_shows_what_is_wrong_where()
    {
        await using var hub = await FakeHub.StartAsync(201, Answer("taken", 1, 1));
        using var file = new TemporaryFile("a.csv", "rows");

        var run = await CliRun.Of(hub, $"import|{file.Path}|--adapter|bank");

        Assert.Equal(
            """
            a.csv: taken
            outcome             entries
            accepted                 12
            suspense                  2
            taken before              0
            conflicts                 1
            faults                    1
            not incoming money        0
            position  code              detail
                   3  amount-malformed  '1,5' is not an amount.

            """.ReplaceLineEndings("\n"),
            run.Out);
    }

    [Fact]
    public async Task What_was_remarked_on_an_earlier_reading_does_not_pass_for_news()
    {
        await using var hub = await FakeHub.StartAsync(200, Answer("taken", 0, 1).Replace("\"id\"", "\"replayed\":true,\"id\"", StringComparison.Ordinal));
        using var file = new TemporaryFile("a.csv", "rows");

        var run = await CliRun.Of(hub, $"import|{file.Path}|--adapter|bank");

        Assert.Contains("a.csv: taken (the same file was sent before)\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("remarks since the file first came:\nposition  code", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pipe_is_sent_though_nobody_knows_its_length(bool rich)
    {
        var sent = "";
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            sent = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await FakeHub.AnswerAsync(context, 201, Answer("taken", 0, 0));
        });
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle);
        pipe.Write("rows"u8);
        pipe.Dispose();

        var run = await CliRun.Of(hub, "import|-|--adapter|bank", rich, input);

        Assert.Equal((ExitCode.Done, "", "rows"), (run.ExitCode, run.Error, sent));
        Assert.Equal(["POST /v1/adapters/bank/files"], hub.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("|--json")]
    public async Task A_file_that_is_refused_as_a_whole_is_told_to_people_and_programs(string json)
    {
        await using var hub = await FakeHub.StartAsync(422, """{"status":422,"code":"file-refused","detail":"It ends in the middle; kept as file f1."}""");
        using var file = new TemporaryFile("a.csv", "rows");

        var run = await CliRun.Of(hub, $"import|{file.Path}|--adapter|bank{json}");

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith("momo: It ends in the middle; kept as file f1. (file-refused)\n      Ask for the file again", run.Error, StringComparison.Ordinal);
        if (json.Length == 0) Assert.Empty(run.Out);
        else Assert.Equal(("file-refused", "It ends in the middle; kept as file f1."), Said(run.Out));
    }

    [Fact]
    public async Task People_see_the_bytes_go_out()
    {
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await FakeHub.AnswerAsync(context, 201, Answer("taken", 0, 0));
        });
        using var file = new TemporaryFile("a.csv", new string('x', 1_000_000));

        var run = await CliRun.Of(hub, $"import|{file.Path}|--adapter|bank", rich: true);

        Assert.Contains("100%", run.Out, StringComparison.Ordinal);
        Assert.Contains("\e[", run.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, run.ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("|--json")]
    public async Task Pipes_get_no_control_character(string json)
    {
        await using var hub = await FakeHub.StartAsync(201, Answer("taken", 0, 0));
        using var file = new TemporaryFile("a.csv", "rows");

        var run = await CliRun.Of(hub, $"import|{file.Path}|--adapter|bank{json}");

        Assert.DoesNotContain(run.Out + run.Error, character => char.IsControl(character) && character != '\n');
    }

    private static (string?, string?) Said(string problem) =>
        (JsonElement.Parse(problem).GetProperty("code").GetString(), JsonElement.Parse(problem).GetProperty("detail").GetString());

    private static string Answer(string state, int conflicts, int faults) =>
        $$"""
        {"id":"f1","adapter":"bank","name":"a.csv","sha256":"00","size":4,"state":"{{state}}","accepted":12,"suspense":2,
        "conflicts":{{conflicts}},"faults":{{faults}},"received_at":"2026-01-31T12:00:00Z",
        "remarks":[{"position":3,"code":"amount-malformed","detail":"'1,5' is not an amount."}]}
        """;
}
