using MoMo.Domain.Files;
using MoMo.Domain.Questions;

namespace MoMo.Domain.Callbacks;

/// <summary>
/// The PSP tells that something happened to a payment, in a way that can't be trusted or is not enough: it makes no payment; the PSP is asked.
/// </summary>
/// <param name="Position">Where.</param>
/// <param name="Notice">What it says; recorded.</param>
/// <param name="Reference">
/// What to ask the PSP about, of at most <see cref="StatusQuestion.ReferenceMax"/> characters; null when the message does not tell, so that nobody
/// can be asked.
/// </param>
public sealed record DoorbellEntry(int Position, NoticeEntry Notice, string? Reference) : Entry(Position);
