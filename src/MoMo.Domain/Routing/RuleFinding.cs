namespace MoMo.Domain.Routing;

/// <summary>What one rule said.</summary>
/// <param name="Rule">The rule's name, such as <c>account#reference</c>.</param>
/// <param name="Verdict">What it found.</param>
/// <param name="Detail">One sentence for whoever reads the trace; null when the verdict says it all.</param>
/// <param name="AccountId">The account, when found.</param>
/// <param name="ReferenceId">The reference, when found.</param>
public sealed record RuleFinding(string Rule, Verdict Verdict, string? Detail = null, string? AccountId = null, string? ReferenceId = null);
