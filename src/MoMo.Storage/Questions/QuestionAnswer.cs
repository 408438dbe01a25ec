using MoMo.Domain.Questions;

namespace MoMo.Storage.Questions;

/// <summary>What came of asking once.</summary>
/// <param name="State">How the question stands now.</param>
/// <param name="Detail">What the PSP said, or why it could not be asked.</param>
/// <param name="AskedAt">When the asking began.</param>
/// <param name="DueAt">When to ask again; means nothing once it is at its end.</param>
/// <param name="PaymentId">The payment that was found.</param>
/// <param name="Made">It was made of this answer.</param>
public sealed record QuestionAnswer(
    QuestionState State, string? Detail, DateTimeOffset AskedAt, DateTimeOffset DueAt, Guid? PaymentId = null, bool Made = false);
