namespace MoMo.Domain.Deliveries;

/// <summary>What may be sent now in a lane.</summary>
/// <param name="Deliveries">By their number; empty when nothing may be sent now.</param>
/// <param name="HasMore">Whether there may be more behind them, for who asks again and says that he has these. Never of an empty page.</param>
public sealed record DuePage(IReadOnlyList<DueDelivery> Deliveries, bool HasMore)
{
    /// <summary>Nothing may be sent now.</summary>
    public static readonly DuePage Empty = new([], false);
}
