namespace MoMo.Cli;

internal static class Program
{
    private static Task<int> Main(string[] args) => Momo.RunAsync(args, Terminal.OfProcess());
}
