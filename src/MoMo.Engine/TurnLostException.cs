namespace MoMo.Engine;

/// <summary>A turn lost a race and wrote nothing; running it again is expected to succeed.</summary>
public sealed class TurnLostException(string message, Exception inner) : Exception(message, inner)
{
    /// <summary>It gave up waiting for what somebody else holds: when that lasts, commands to other actors may still succeed without it.</summary>
    public bool Waited { get; init; }
}
