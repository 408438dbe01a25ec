namespace MoMo.Domain.Routing;

/// <summary>Whose a payment is, and what every rule said on the way there.</summary>
/// <param name="AccountId">The account; null for suspense.</param>
/// <param name="ReferenceId">The reference, if one is known; may be known although the account is not.</param>
/// <param name="Trace">What each rule that ran said, in order.</param>
public sealed record RoutingDecision(string? AccountId, string? ReferenceId, IReadOnlyList<RuleFinding> Trace);
