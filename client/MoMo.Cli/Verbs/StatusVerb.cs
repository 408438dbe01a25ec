using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Shows how the hub is.</summary>
internal static class StatusVerb
{
    /// <summary>No count of the hub goes on past this.</summary>
    private const long CountMax = 10_000;

    public static Command Create(Shell shell) =>
        new Verb(
            "status",
            "Show how the hub is. Exit code 0 when it is well, 1 when degraded.",
            "status",
            "status --url https://hub.example --json").Runs(
            shell,
            async (call, cancellation) =>
            {
                var status = await call.Hub.StatusAsync(cancellation);
                Card.Write(call, status, MoMoJson.Default.StatusView, CountMax);
                return status.Status == "ok" ? ExitCode.Done : ExitCode.Failed;
            });
}
