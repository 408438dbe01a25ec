namespace MoMo.Simulator.Model;

/// <summary>A destination.</summary>
internal sealed class DestinationLine
{
    public required long Lane { get; init; }

    public required string AccountId { get; init; }

    public required Uri Url { get; init; }

    public bool Paused { get; set; }
}
