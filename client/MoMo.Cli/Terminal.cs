using Spectre.Console;

namespace MoMo.Cli;

/// <summary>Where the program runs: what it writes to, and what surrounds it.</summary>
internal sealed class Terminal
{
    /// <summary>For people and for pipes.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For complaints and remarks, so that pipes stay clean.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>For bytes; opened only when used.</summary>
    public required Func<Stream> RawOut { get; init; }

    /// <summary>Colours, drawn tables and moving bars are welcome. Else plain text, without any control character.</summary>
    public required bool Rich { get; init; }

    /// <summary>A variable of the environment; null when it is not set or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    public static Terminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        RawOut = Console.OpenStandardOutput,
        Rich = !Console.IsOutputRedirected && VariableOfProcess("NO_COLOR") is null && VariableOfProcess("TERM") is not "dumb",
        Variable = VariableOfProcess,
    };

    public IAnsiConsole OpenConsole() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = Rich ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = Rich ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = Rich ? InteractionSupport.Yes : InteractionSupport.No,
        Out = new AnsiConsoleOutput(Out),
    });

    private static string? VariableOfProcess(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
