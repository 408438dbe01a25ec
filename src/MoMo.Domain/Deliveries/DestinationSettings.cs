namespace MoMo.Domain.Deliveries;

/// <summary>What a destination says of how it is delivered to. What is null is as the hub has it.</summary>
public sealed record DestinationSettings
{
    /// <summary>Words that a filter may have at most.</summary>
    public const int FilterMax = 100;

    /// <summary>Nothing out of the ordinary.</summary>
    public static DestinationSettings Ordinary { get; } = new();

    /// <summary>What a delivery that does not arrive holds back.</summary>
    public DeliveryOrder Order { get; init; }

    /// <summary>Seconds between attempts, within the limits of <see cref="RetrySchedule"/>; null for the standard's schedule.</summary>
    public IReadOnlyList<int>? RetryWaits { get; init; }

    /// <summary>Attempts in flight at most, from 1 to 64.</summary>
    public int? ConcurrencyMax { get; init; }

    /// <summary>Attempts each second at most, from 0.1 to 10,000.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Whether its breaker may open.</summary>
    public bool Breaker { get; init; } = true;

    /// <summary>Types of events it is told of.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Currencies it is told of.</summary>
    public IReadOnlyList<string>? Currencies { get; init; }

    /// <summary>PSPs it is told of.</summary>
    public IReadOnlyList<string>? Psps { get; init; }
}
