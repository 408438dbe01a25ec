namespace MoMo.Domain.Reversals;

/// <summary>The answer to whoever brought a reversal.</summary>
/// <param name="Reversal">As it is kept.</param>
/// <param name="Replayed">It had been taken before, with the same content.</param>
public sealed record TakenReversal(Reversal Reversal, bool Replayed);
