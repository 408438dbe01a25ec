using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Checks that what is stored keeps the hub's laws.</summary>
internal static class VerifyVerb
{
    public static Command Create(Shell shell) =>
        new Verb(
            "verify",
            "Check that what is stored keeps the hub's laws. Exit code 4 when one is broken.",
            "verify",
            "verify --json").Runs(
            shell,
            async (call, cancellation) =>
            {
                var verdict = await call.PatientHub.VerifyAsync(cancellation);
                if (call.Json) Card.Write(call, verdict, MoMoJson.Default.VerifyView);
                else Report(call.Terminal, verdict);
                return verdict.Ok ? ExitCode.Done : ExitCode.LawBroken;
            });

    private static void Report(Terminal terminal, VerifyView verdict)
    {
        Table.Write<CheckView>(
            terminal,
            [
                new("law", check => check.Law),
                new("broken", check => Show.Count(check.Broken), Right: true),
                new("first", check => check.First),
            ],
            verdict.Checks);
        terminal.Out.WriteLine($"{Show.Count(verdict.Payments)} payments checked: {(verdict.Ok ? "all is well." : "a law is broken.")}");
    }
}
