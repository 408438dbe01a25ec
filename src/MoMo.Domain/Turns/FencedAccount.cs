namespace MoMo.Domain.Turns;

/// <summary>What a fence found of an account.</summary>
/// <param name="Id">The account.</param>
/// <param name="Sequence">The last number that it gave.</param>
/// <param name="Version">Rises with each change of the account or its destinations.</param>
public sealed record FencedAccount(string Id, long Sequence, long Version);
