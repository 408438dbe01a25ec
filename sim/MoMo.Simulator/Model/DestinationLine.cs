using MoMo.Domain.Deliveries;

namespace MoMo.Simulator.Model;

/// <summary>A destination.</summary>
internal sealed class DestinationLine
{
    public required long Lane { get; init; }

    public required string AccountId { get; init; }

    public required Uri Url { get; init; }

    /// <summary>How it is told.</summary>
    public required string Kind { get; init; }

    public DeliveryOrder Order { get; init; }

    /// <summary>Signing keys that are live, newest first.</summary>
    public List<byte[]> Secrets { get; init; } = [];

    public bool Paused { get; set; }

    public long Version { get; set; } = 1;
}
