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

    [Theory]
    [InlineData("""{"psp":"mpesa","psp_reference":"QK1","acount_id":"acme","reference_id":"4711","amount":"1","currency":"KES"}""", "$.acount_id is no field of a payment")]
    [InlineData("""{"psp":"mpesa","psp":"airtel","psp_reference":"QK1","amount":"1","currency":"KES"}""", "$.psp is no field of a payment, stands twice")]
    [InlineData("""{"psp":"mpesa","psp_reference":{},"amount":"1","currency":"KES"}""", "$.psp_reference is no field of a payment")]
    [InlineData("""["psp"]""", "The line is not one payment")]
    public async Task A_line_that_is_no_payment_is_not_sent_and_says_what_is_wrong_in_words_of_its_sender(string line, string expected)
    {
        await using var hub = await FakeHub.StartAsync(BulkTests.EchoAsync);
        using var file = new TemporaryFile("p.ndjson", $"{Good}\n{line}\n");

        var run = await CliRun.Of(hub, $"send|{file.Path}");

        Assert.Equal(ExitCode.Partly, run.ExitCode);
        Assert.Contains($"2     400  line-malformed  {expected}", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("MoMo.Client", run.Out, StringComparison.Ordinal);
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
