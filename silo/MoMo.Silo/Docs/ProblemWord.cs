using MoMo.Engine;
using MoMo.Silo.Api;

namespace MoMo.Silo.Docs;

/// <summary>A problem's code, explained.</summary>
/// <param name="Code">Stable and machine-readable.</param>
/// <param name="Meaning">What has happened.</param>
/// <param name="ToDo">What to do about it.</param>
internal sealed record ProblemWord(string Code, string Meaning, string ToDo)
{
    /// <summary>The HTTP status that it is answered with when it is the problem's own code.</summary>
    public int Status => Problems.StatusOf(new Refusal(Code, Meaning));
}
