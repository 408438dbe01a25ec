using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using MoMo.Cli.Verbs;

namespace MoMo.Cli;

/// <summary>The program: its verbs, and how it is run.</summary>
internal static class Momo
{
    /// <summary>Columns of the help, whatever the terminal has, so that it reads the same everywhere.</summary>
    private const int HelpWidth = 110;

    /// <summary>'@' begins values of ours (--settings @file), not files of arguments.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    public static Command Create(Shell shell)
    {
        var root = new Verb(
            "momo",
            "MoMo, the payment routing hub, from the command line. Start a hub with ./momo up.",
            "pay 1250.50 KES --psp mpesa --psp-reference QK7A1 --account acme --reference 4711",
            "import statement.xml --adapter bank",
            "payments list --account acme --json",
            "suspense list")
        {
            AccountsVerb.Create(shell),
            AdaptersVerb.Create(shell),
            DeliveriesVerb.Create(shell),
            DestinationsVerb.Create(shell),
            FilesVerb.Create(shell),
            ImportVerb.Create(shell),
            KeysVerb.Create(shell),
            MessagesVerb.Create(shell),
            PayVerb.Create(shell),
            PaymentsVerb.Create(shell),
            PspsVerb.Create(shell),
            ReferencesVerb.Create(shell),
            ReversalsVerb.Create(shell),
            RoutingVerb.Create(shell),
            SendVerb.Create(shell),
            StatusVerb.Create(shell),
            SuspenseVerb.Create(shell),
            VerifyVerb.Create(shell),
        };
        shell.Options.AddTo(root);
        root.Add(new VersionOption());
        root.Add(new HelpOption { Action = new TeachingHelp(new HelpAction { MaxWidth = HelpWidth }) });
        return root;
    }

    /// <summary>Runs one command line.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        var shell = new Shell(terminal);
        var parsed = Create(shell).Parse(args.Count == 0 ? ["--help"] : args, Parsing);
        if (parsed.Action is ParseErrorAction) return shell.Complain(Misused(parsed));

        return await parsed.InvokeAsync(
            new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false },
            cancellation);
    }

    private static Complaint Misused(ParseResult parsed)
    {
        var path = parsed.CommandResult.Command.Name;
        for (var parent = parsed.CommandResult.Parent as CommandResult; parent is not null; parent = parent.Parent as CommandResult)
            path = $"{parent.Command.Name} {path}";
        // Lists of what is allowed come on lines of their own.
        var what = string.Join(' ', parsed.Errors.Select(error => error.Message).Distinct()
            .SelectMany(error => error.Split((char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)));
        return new(what, $"{path} --help shows how, with examples.", ExitCode.Misused);
    }
}
