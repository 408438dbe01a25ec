namespace MoMo.Client.Wire;

/// <summary>What a PSP is asked, or was, and what came of it.</summary>
public sealed record StatusQuestionView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The adapter whose PSP is asked.</summary>
    public required string Adapter { get; init; }

    /// <summary>What it is asked about.</summary>
    public required string Reference { get; init; }

    /// <summary>Who wanted to know first: <c>doorbell</c> (a callback), <c>operator</c> or <c>announced</c> (an adapter's own key).</summary>
    public required string Origin { get; init; }

    /// <summary>Callbacks that rang for it. A payment that was found without any was lost.</summary>
    public required long Rings { get; init; }

    /// <summary>
    /// <c>waiting</c> (is asked still), <c>found</c> (the hub has the payment), <c>failed</c> (no live money came in), <c>reversed</c>, <c>conflict</c>
    /// (the answer contradicts a payment) or <c>given_up</c>. The last two are for people to look at.
    /// </summary>
    public required string State { get; init; }

    /// <summary>What the PSP said last, or why it could not be asked.</summary>
    public string? Detail { get; init; }

    /// <summary>How often the PSP was asked.</summary>
    public required long Asked { get; init; }

    /// <summary>The payment that was found.</summary>
    public string? PaymentId { get; init; }

    /// <summary>Whether the payment was made of the PSP's answer: nothing else had told of it.</summary>
    public required bool Made { get; init; }

    /// <summary>When it was first wanted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the PSP was asked last.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>When it is asked next; null at the end.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Until when it is asked.</summary>
    public required DateTimeOffset UntilAt { get; init; }

    /// <summary>When it came to its end.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
