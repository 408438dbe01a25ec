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

        var lines = run.Out.TrimEnd().Split('\n').Order(StringComparer.Ordinal).ToList();
        Assert.Equal(ExitCode.Partly, run.ExitCode);
        Assert.Equal(3, lines.Count);
        Assert.StartsWith("""{"line":1,"status":201,"id":"QK1",""", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("""{"line":3,"status":400,"replayed":false,"code":"line-malformed",""", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("""{"line":4,"status":201,"id":"QK2",""", lines[2], StringComparison.Ordinal);
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
}
