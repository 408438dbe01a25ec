namespace MoMo.Client.Wire;

/// <summary>What one routing rule said.</summary>
public sealed record FindingView
{
    /// <summary>The rule: <c>account</c>, <c>reference</c>, <c>account#reference</c>, <c>shortcode</c>, <c>pattern</c>, <c>lookup</c>.</summary>
    public required string Rule { get; init; }

    /// <summary><c>silent</c>, <c>found</c>, <c>unknown</c>, <c>ambiguous</c> or <c>unanswered</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public string? Detail { get; init; }

    /// <summary>The account it found.</summary>
    public string? AccountId { get; init; }

    /// <summary>The reference it found.</summary>
    public string? ReferenceId { get; init; }
}
