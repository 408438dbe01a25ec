using MoMo.Cli;
using MoMo.Tests.Client;

namespace MoMo.Tests.Cli;

/// <summary>What one command line did.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    /// <summary>Runs <c>momo</c> against a hub; '|' parts the arguments, so that they can hold spaces.</summary>
    public static Task<CliRun> Of(FakeHub hub, string args, bool rich = false, Stream? input = null) => RunAsync($"{args}|--url|{hub.Url}", rich, input, []);

    /// <summary>Runs <c>momo</c> with these variables in its environment, and no others.</summary>
    public static Task<CliRun> Of(string args, bool rich = false, params (string Name, string Value)[] variables) => RunAsync(args, rich, null, variables);

    /// <summary>Runs <c>momo</c> with this as its standard input.</summary>
    public static Task<CliRun> Of(string args, Stream input) => RunAsync(args, false, input, []);

    private static async Task<CliRun> RunAsync(string args, bool rich, Stream? input, (string Name, string Value)[] variables)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            Out = output,
            Error = error,
            RawOut = () => throw new InvalidOperationException("Nothing here writes bytes."),
            RawIn = () => input ?? throw new InvalidOperationException("Nothing here reads the standard input."),
            Rich = rich,
            Variable = name => variables.FirstOrDefault(variable => variable.Name == name).Value,
        };
        var exitCode = await Momo.RunAsync(args.Length == 0 ? [] : args.Split('|'), terminal);
        return new(exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }
}
