namespace MoMo.Client.Wire;

/// <summary>What a payment would carry: <c>POST /v1/routing/dry-run</c>.</summary>
public sealed record RoutingQuestion
{
    /// <summary>The adapter whose rules are asked; without it, the standard ones.</summary>
    public string? Adapter { get; init; }

    /// <summary>The account as the sender names it.</summary>
    public string? AccountId { get; init; }

    /// <summary>The reference as the sender names it.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>What the payer typed.</summary>
    public string? Text { get; init; }

    /// <summary>Our number at the PSP.</summary>
    public string? Shortcode { get; init; }
}
