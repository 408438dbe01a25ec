namespace MoMo.Domain.Routing;

/// <summary>What is known of a payment when it is routed; also what is asked before money moves.</summary>
/// <param name="AccountId">The account the sender named.</param>
/// <param name="ReferenceId">The reference the sender named.</param>
/// <param name="Text">What the payer typed.</param>
/// <param name="Shortcode">Our number at the PSP.</param>
public sealed record RoutingQuery(string? AccountId, string? ReferenceId, string? Text, string? Shortcode)
{
    /// <summary>Whether its money is real. References and lookups of accounts of the other mode count for nothing.</summary>
    public Mode Mode { get; init; }
}
