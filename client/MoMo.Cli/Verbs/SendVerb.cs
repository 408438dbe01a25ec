using System.CommandLine;
using MoMo.Client.Wire;

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
            "Send many payments, in order. Safe to repeat. With --json, prints the hub's answer to each line. "
            + "Exit code 3 when some were refused, 1 when all were.",
            "send payments.ndjson",
            "send - --json < payments.ndjson")
        {
            file,
        }.Runs(shell, async (call, cancellation) =>
        {
            var path = call.Value(file);
            if (path != "-" && !File.Exists(path)) throw new Complaint($"there is no file {path}", "Check the path.", ExitCode.Misused);

            await using var content = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            var source = new PaymentLines(content);
            var tally = new Tally(call, ShownMax);
            await foreach (var answer in call.PatientHub.Payments.SendBulkAsync(source.ReadAsync(cancellation), cancellation))
                tally.Add(source.Number(answer), source.TakeUnreadable());
            tally.Add(null, source.TakeUnreadable());
            return tally.Finish();
        });
    }
}
