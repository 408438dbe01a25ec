using System.Net;
using MoMo.Client.Wire;

namespace MoMo.Client;

/// <summary>
/// The hub answered, and refused; or what answered is not the hub (<c>answer-unreadable</c>, <c>answer-incomplete</c>); or a change was repeated after
/// the hub could not say whether it was done, and nobody knows now (<c>change-unsure</c>, 412): look at what is there.
/// </summary>
public sealed class MoMoException : Exception
{
    /// <summary>Makes the exception from what the hub said.</summary>
    /// <param name="problem">Why, as the hub put it.</param>
    /// <param name="retryAfter">When the hub asked to come back; null when it did not.</param>
    /// <param name="innerException">What lies beneath; null for a refusal.</param>
    public MoMoException(ProblemView problem, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(Describe(problem), innerException)
    {
        Problem = problem;
        RetryAfter = retryAfter;
    }

    /// <summary>Why: a stable <see cref="ProblemView.Code"/>, what to do, and every field that is wrong.</summary>
    public ProblemView Problem { get; }

    /// <summary>How long the hub asked to wait before the same request is sent again; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>HTTP status.</summary>
    public HttpStatusCode Status => (HttpStatusCode)Problem.Status;

    /// <summary>Stable and machine-readable, such as <c>payment-differs</c>; null when the answer carried none.</summary>
    public string? Code => Problem.Code;

    /// <summary>Whether the hub refused a repeat, and could not say of an attempt before whether it was done.</summary>
    internal bool IsUnsure { get; init; }

    private static string Describe(ProblemView problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var text = problem.Detail ?? problem.Title ?? $"The hub answered {problem.Status}.";
        return problem.Code is { } code ? $"{text} ({code})" : text;
    }
}
