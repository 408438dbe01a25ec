namespace MoMo.Client.Wire;

/// <summary>What a payment would carry: <c>POST /v1/routing/dry-run</c>.</summary>
public sealed record RoutingQuestion
{
    /// <summary>The adapter whose rules are asked; without it, the standard ones.</summary>
    public string? Adapter { get; init; }

    /// <summary>The account as the sender names it. At most 100 characters.</summary>
    public string? AccountId { get; init; }

    /// <summary>The reference as the sender names it. At most 100 characters.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>What the payer typed. At most 1,000 characters.</summary>
    public string? Text { get; init; }

    /// <summary>Our number at the PSP. At most 100 characters.</summary>
    public string? Shortcode { get; init; }
}
