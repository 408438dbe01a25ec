namespace MoMo.Simulator.Model;

/// <summary>A lane's row in the agenda.</summary>
internal sealed class LaneLine
{
    public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MaxValue;

    public long Lease { get; set; }

    public DateTimeOffset LeasedUntil { get; set; } = DateTimeOffset.MinValue;
}
