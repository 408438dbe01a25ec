namespace MoMo.Simulator.Oracles;

/// <summary>A law was broken.</summary>
/// <param name="Oracle">Which check noticed: the name that a shrunk history must break as well.</param>
/// <param name="Text">What was seen.</param>
/// <param name="At">When, since the begin.</param>
internal sealed record Violation(string Oracle, string Text, TimeSpan At);
