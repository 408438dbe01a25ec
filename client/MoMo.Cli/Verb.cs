using System.CommandLine;

namespace MoMo.Cli;

/// <summary>A command that teaches: its help ends in examples.</summary>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines that work, without the leading <c>momo</c>.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Gives it a second name.</summary>
    public Verb Also(string name)
    {
        Aliases.Add(name);
        return this;
    }

    /// <summary>What it does; returns an <see cref="ExitCode"/>.</summary>
    public Verb Runs(Shell shell, Func<Call, CancellationToken, Task<int>> act)
    {
        SetAction((parsed, cancellation) => shell.RunAsync(parsed, act, cancellation));
        return this;
    }
}
