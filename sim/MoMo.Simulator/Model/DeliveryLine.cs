using MoMo.Domain.Deliveries;

namespace MoMo.Simulator.Model;

/// <summary>A delivery.</summary>
internal sealed class DeliveryLine
{
    public required Delivery Delivery { get; init; }

    public string State { get; set; } = "pending";

    public int Attempts { get; set; }

    public DateTimeOffset DueAt { get; set; }
}
