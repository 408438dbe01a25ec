using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MoMo.Cli;

/// <summary>Help that ends in examples and, for the program as a whole, exit codes.</summary>
internal sealed class TeachingHelp(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command is Verb { Examples.Count: > 0 } verb)
        {
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples) output.WriteLine($"  momo {example}");
            output.WriteLine();
        }

        output.WriteLine(command.Parents.Any() ? "Exit codes and environment: momo --help" : ExitCode.Help);
        return ExitCode.Done;
    }
}
