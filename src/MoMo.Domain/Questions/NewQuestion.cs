namespace MoMo.Domain.Questions;

/// <summary>
/// A PSP is to be asked how a payment stands. One question for each adapter and reference: asked for again it is the same one, due at once again.
/// </summary>
/// <param name="Id">Of the question, if it is the first for its reference; ordered by time.</param>
/// <param name="Adapter">Through which adapter.</param>
/// <param name="Reference">What the PSP is asked about; see <see cref="StatusQuestion.ReferenceMax"/>.</param>
/// <param name="Origin">Who wants to know.</param>
/// <param name="At">Since when.</param>
/// <param name="DueAt">When to ask first; not before <paramref name="At"/>.</param>
public sealed record NewQuestion(Guid Id, string Adapter, string Reference, QuestionOrigin Origin, DateTimeOffset At, DateTimeOffset DueAt);
