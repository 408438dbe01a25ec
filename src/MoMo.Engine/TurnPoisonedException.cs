namespace MoMo.Engine;

/// <summary>The store refuses the data of at least one command of the turn; nothing was written. The others succeed without it.</summary>
public sealed class TurnPoisonedException(string message, Exception inner) : Exception(message, inner);
