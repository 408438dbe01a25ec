namespace MoMo.Domain.Deliveries;

/// <summary>A delivery that has come back from an attempt.</summary>
/// <param name="Delivery">Which.</param>
/// <param name="Result">What came of the attempt; null when another of its batch speaks for it, or <see cref="Fault"/> does.</param>
/// <param name="Done">It is at its end: arrived, or dead.</param>
/// <param name="Written">The store knows what came of it.</param>
internal sealed record EndedDelivery(DueDelivery Delivery, AttemptResult? Result, bool Done, bool Written)
{
    /// <summary>What kept the hub from trying it or from recording what came of it; null when nothing did.</summary>
    public Exception? Fault { get; init; }
}
