namespace MoMo.Bench;

/// <summary>A benchmark can't go on; the message says what to do.</summary>
internal sealed class BenchException(string message, Exception? inner = null) : Exception(message, inner);
