namespace MoMo.Edge.Questions;

/// <summary>What came back of a question: an answer, or why there is none.</summary>
/// <param name="Body">The answer's bytes; empty when there is none.</param>
/// <param name="Envelope">What is kept beside them: when and where it was asked and what was answered, as one JSON object without secrets.</param>
/// <param name="Trouble">Why there is none, in a sentence without secrets and without words of the PSP's; null for an answer.</param>
/// <param name="IsEverybodys">The trouble would meet the adapter's other questions as well: the PSP is away, or lets the hub not in.</param>
/// <param name="RetryAfter">How long the PSP wants to be left alone, as it says when it refuses the question or the token for it.</param>
public sealed record StatusAnswer(ReadOnlyMemory<byte> Body, string Envelope, string? Trouble, bool IsEverybodys = false, TimeSpan? RetryAfter = null);
