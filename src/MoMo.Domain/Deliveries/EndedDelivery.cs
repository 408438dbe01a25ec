namespace MoMo.Domain.Deliveries;

/// <summary>A delivery that has come back from an attempt.</summary>
/// <param name="Delivery">Which.</param>
/// <param name="Result">What came of the attempt; null when another of its batch speaks for it, or <see cref="Fault"/> does.</param>
/// <param name="Arrived">It arrived, and the store knows it. Of one that is dead only the store knows whether somebody asked for it again meanwhile.</param>
/// <param name="Written">The store knows what came of it.</param>
internal sealed record EndedDelivery(DueDelivery Delivery, AttemptResult? Result, bool Arrived, bool Written)
{
    /// <summary>The version of the destination that it was sent to.</summary>
    public long Version { get; init; }

    /// <summary>What kept the hub from trying it or from recording what came of it; null when nothing did.</summary>
    public Exception? Fault { get; init; }
}
