namespace MoMo.Domain.Channels;

/// <summary>A channel can't be opened or broke. The message is for people, and holds no secrets.</summary>
public sealed class ChannelException : IOException
{
    /// <summary>A channel that broke.</summary>
    public ChannelException(string message) : base(message) { }

    /// <summary>A channel that broke because of something else.</summary>
    public ChannelException(string message, Exception cause) : base(message, cause) { }

    /// <summary>What is wrong; <see cref="ChannelTrouble.Connection"/> unless something else is known.</summary>
    public ChannelTrouble Trouble { get; init; }

    /// <summary>How long the server wants to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
