using System.CommandLine;
namespace MoMo.Cli.Verbs;

/// <summary>Sends many payments.</summary>
internal static class SendVerb
{
    /// <summary>Refused lines that are shown to people; programs get all.</summary>
    private const int ShownMax = 20;

    public static Command Create(Shell shell)
    {
        var file = Given.Argument("FILE", "One JSON payment per line (NDJSON); - for the standard input.");
        return new Verb(
            "send",
            "Send many payments, in order, as they stand in their lines. Safe to repeat. With --json, prints the hub's answer to each line. "
            + "Exit code 3 when some were refused, 1 when all were.",
            "send payments.ndjson",
            "send - --json < payments.ndjson")
        {
            file,
        }.Runs(shell, async (call, cancellation) =>
        {
            await using var content = InputFile.Open(call, call.Value(file));
            var source = new PaymentLines(content);
            var tally = new Tally(call, ShownMax);
            await foreach (var answer in call.PatientHub.Payments.SendLinesAsync(source.ReadAsync(cancellation), cancellation))
            {
                var line = source.Number(answer);
                tally.Add(source.TakeUnreadable(line.Line));
                tally.Add([line]);
            }

            tally.Add(source.TakeUnreadable(long.MaxValue));
            return tally.Finish();
        });
    }
}
