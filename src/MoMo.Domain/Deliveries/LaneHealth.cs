namespace MoMo.Domain.Deliveries;

/// <summary>How a lane fares, as all silos know it.</summary>
/// <param name="FailingSince">When the first attempt failed since one last succeeded, or since nothing was pending; null when all is well.</param>
/// <param name="Opened">How often the breaker opened in a row; 0 when it is closed.</param>
/// <param name="Recovering">It catches up after a breakdown or a pause, at a bounded rate.</param>
public sealed record LaneHealth(DateTimeOffset? FailingSince, int Opened, bool Recovering)
{
    /// <summary>Nothing is known against it.</summary>
    public static LaneHealth Well { get; } = new(null, 0, false);
}
