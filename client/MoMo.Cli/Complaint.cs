namespace MoMo.Cli;

/// <summary>What went wrong in one line, and what to do next in another.</summary>
internal sealed class Complaint(string what, string next, int exitCode = ExitCode.Failed) : Exception(what)
{
    public int ExitCode { get; } = exitCode;

    public string Next { get; } = next;
}
