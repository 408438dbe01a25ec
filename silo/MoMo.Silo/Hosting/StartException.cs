namespace MoMo.Silo.Hosting;

/// <summary>The silo can't start, for a reason that a person can mend.</summary>
/// <param name="message">What is wrong, in a sentence.</param>
/// <param name="next">What to do, in a sentence.</param>
/// <param name="cause">What found it out.</param>
internal sealed class StartException(string message, string next, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The exit code of a wrong command line.</summary>
    public const int Misused = 2;

    /// <summary>What the process ends with; 1 by default.</summary>
    public int ExitCode { get; init; } = 1;

    /// <summary>What to do.</summary>
    public string Next => next;
}
