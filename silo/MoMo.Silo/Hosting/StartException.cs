namespace MoMo.Silo.Hosting;

/// <summary>The silo can't start, for a reason that a person can mend.</summary>
/// <param name="message">What is wrong, in a sentence.</param>
/// <param name="next">What to do, in a sentence.</param>
/// <param name="cause">What found it out.</param>
internal sealed class StartException(string message, string next, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What to do.</summary>
    public string Next => next;
}
