namespace MoMo.Cli;

/// <summary>What the shell is told. Scripts rely on these: never change one.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;
    public const int Partly = 3;
    public const int LawBroken = 4;
    public const int Interrupted = 130;

    public const string Help =
        """
        Exit codes:
          0    done
          1    refused, failed, or (status) degraded
          2    the command line is wrong
          3    taken in part: some entries or lines were refused or held
          4    verify: a law is broken
          130  interrupted
        """;
}
