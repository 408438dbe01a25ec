using MoMo.Domain.Deliveries;

namespace MoMo.Simulator.Model;

/// <summary>A delivery.</summary>
internal sealed class DeliveryLine
{
    public required Delivery Delivery { get; init; }

    public string State { get; set; } = "pending";

    public int Attempts { get; set; }

    public DateTimeOffset DueAt { get; set; }

    /// <summary>Not before <see cref="DueAt"/>; else its turn comes by its number.</summary>
    public bool Waits { get; set; }

    /// <summary>The receiver refused it the last time.</summary>
    public bool WasRejected { get; set; }

    /// <summary>Attempts before a person asked for it again.</summary>
    public int RoundStart { get; set; }
}
