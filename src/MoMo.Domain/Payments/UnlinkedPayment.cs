namespace MoMo.Domain.Payments;

/// <summary>The answer to an <see cref="UnlinkOrder"/>.</summary>
/// <param name="Unlinking">What was recorded.</param>
/// <param name="Replayed">Whether it had been recorded before, and nothing was now.</param>
public sealed record UnlinkedPayment(Unlinking Unlinking, bool Replayed);
