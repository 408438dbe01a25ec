namespace MoMo.Client.Wire;

/// <summary>Where a payment would go: the answer of <c>POST /v1/routing/dry-run</c>. Nothing is recorded.</summary>
public sealed record RoutingView
{
    /// <summary><c>accepted</c> or <c>suspense</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The account.</summary>
    public string? AccountId { get; init; }

    /// <summary>The reference.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>What each rule said.</summary>
    public required IReadOnlyList<FindingView> Decision { get; init; }
}
