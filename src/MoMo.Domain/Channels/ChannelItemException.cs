namespace MoMo.Domain.Channels;

/// <summary>One item of a channel can't be used; the channel goes on. The message is for people.</summary>
public sealed class ChannelItemException : IOException
{
    /// <summary>An item that can't be used.</summary>
    /// <param name="message">Why.</param>
    /// <param name="isFinal">Trying again would change nothing.</param>
    /// <param name="cause">What happened, if something did.</param>
    public ChannelItemException(string message, bool isFinal, Exception? cause = null) : base(message, cause) => IsFinal = isFinal;

    /// <summary>Trying again would change nothing.</summary>
    public bool IsFinal { get; }
}
