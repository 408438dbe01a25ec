namespace MoMo.Engine;

/// <summary>A turn lost a race and wrote nothing; running it again is expected to succeed.</summary>
public sealed class TurnLostException(string message, Exception inner) : Exception(message, inner);
