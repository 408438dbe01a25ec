namespace MoMo.Storage.Questions;

/// <summary>Which questions to list, newest first.</summary>
/// <param name="Adapter">Of this adapter.</param>
/// <param name="State">In this state; null for all.</param>
/// <param name="Reference">Only the one about this; null for all.</param>
/// <param name="After">Older than this one: the last of the page before.</param>
/// <param name="Limit">At most so many; from 1.</param>
public sealed record QuestionFilter(string Adapter, string? State, string? Reference, Guid? After, int Limit);
