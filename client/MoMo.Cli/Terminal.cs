using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace MoMo.Cli;

/// <summary>Where the program runs: what it writes to, and what surrounds it.</summary>
internal sealed class Terminal
{
    /// <summary>The number that the system knows it by.</summary>
    private const nint StandardOutput = 1;

    /// <summary>For people and for pipes.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For complaints and remarks, so that pipes stay clean.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>For bytes; opened only when used.</summary>
    public required Func<Stream> RawOut { get; init; }

    /// <summary>The standard input; opened only when used.</summary>
    public required Func<Stream> RawIn { get; init; }

    /// <summary>
    /// For lists that may be long: as <see cref="Out"/>, but writing throws an <see cref="IOException"/> when nobody reads any more, as behind
    /// <c>| head</c>.
    /// </summary>
    public Func<TextWriter> OpenList { get => field ?? (() => Out); init; }

    /// <summary>Colours, drawn tables and moving bars are welcome. Else plain text, without any control character.</summary>
    public required bool Rich { get; init; }

    /// <summary>A variable of the environment; null when it is not set or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    public static Terminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        RawOut = Console.OpenStandardOutput,
        RawIn = Console.OpenStandardInput,
        OpenList = OpenListOfProcess,
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

    /// <summary>The framework's own stream says nothing of a pipe that is closed. What is no pipe keeps it, as others may write to the same file.</summary>
    private static TextWriter OpenListOfProcess()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows()) return Console.Out;
        var output = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return output.CanSeek ? Console.Out : new StreamWriter(output, Console.OutputEncoding) { AutoFlush = true };
    }

    private static string? VariableOfProcess(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
