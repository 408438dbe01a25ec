using MoMo.Domain.Reversals;

namespace MoMo.Domain.Turns;

/// <summary>What a turn's transaction found when it began.</summary>
/// <param name="PackId">The number of the turn's pack of proofs.</param>
/// <param name="Psps">Of the PSPs that were asked for, those that exist and are not archived.</param>
/// <param name="NewKeys">Keys that were new, and are this transaction's now.</param>
/// <param name="Fenced">The accounts that were to be fenced with the claim; empty when none were.</param>
public sealed record TurnClaims(long PackId, IReadOnlyCollection<string> Psps, int NewKeys, IReadOnlyList<FencedAccount> Fenced)
{
    /// <summary>
    /// Reversals that were recorded before their payments came, and that name a payment which is to be taken now, or have its end-to-end id and the store no
    /// payment with that one yet; in the order of their ids.
    /// </summary>
    public IReadOnlyList<Reversal> Orphans { get; init; } = [];
}
