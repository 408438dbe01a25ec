namespace MoMo.Domain.Questions;

/// <summary>What a PSP is asked, or was, and what came of it. Asked until it says something final, for <see cref="QuestionSchedule.Lifetime"/>.</summary>
public sealed record StatusQuestion
{
    /// <summary>Characters of a reference at most.</summary>
    public const int ReferenceMax = 200;

    /// <summary>Its id; ordered by time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The adapter whose PSP is asked.</summary>
    public required string Adapter { get; init; }

    /// <summary>What it is asked about.</summary>
    public required string Reference { get; init; }

    /// <summary>Who wanted to know first.</summary>
    public required QuestionOrigin Origin { get; init; }

    /// <summary>Callbacks that rang for it; none: no callback came at all.</summary>
    public required int Rings { get; init; }

    /// <summary>How often anybody asked for it, callbacks or people; from 1.</summary>
    public required long Openings { get; init; }

    /// <summary>How it stands.</summary>
    public required QuestionState State { get; init; }

    /// <summary>What the PSP said last, or why it could not be asked.</summary>
    public string? Detail { get; init; }

    /// <summary>How often the PSP was asked, in all.</summary>
    public required int Asks { get; init; }

    /// <summary>How often it was asked since the question was opened, or opened again.</summary>
    public required int Tries { get; init; }

    /// <summary>The payment that was found.</summary>
    public Guid? PaymentId { get; init; }

    /// <summary>The payment was made of this question's answer: nothing else had told of it before.</summary>
    public required bool Made { get; init; }

    /// <summary>SHA-256 of the answer that a payment was last to be made of.</summary>
    public byte[]? AnswerSha256 { get; init; }

    /// <summary>When it was asked for first.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was asked for last.</summary>
    public required DateTimeOffset RungAt { get; init; }

    /// <summary>When the PSP was asked last.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>When the PSP is asked next, while it waits.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Until when it is asked.</summary>
    public required DateTimeOffset UntilAt { get; init; }

    /// <summary>When it came to its end; null while it waits.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
