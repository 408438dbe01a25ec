namespace MoMo.Engine;

/// <summary>
/// The hub can't take this now: a queue is full or the database is away. Nothing is known to have been recorded;
/// asking again with the same content is always safe.
/// </summary>
public sealed class HubBusyException : Exception
{
    /// <summary>What is busy, and why.</summary>
    public HubBusyException(string message, TimeSpan retryAfter, Exception? inner = null) : base(message, inner) => RetryAfter = retryAfter;

    /// <summary>When to ask again.</summary>
    public TimeSpan RetryAfter { get; }
}
