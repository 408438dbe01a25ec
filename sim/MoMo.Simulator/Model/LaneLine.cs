using MoMo.Domain.Deliveries;

namespace MoMo.Simulator.Model;

/// <summary>A lane's row in the agenda.</summary>
internal sealed class LaneLine
{
    public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Equal to <see cref="LeasedUntil"/> while the lane rests and nobody holds it.</summary>
    public DateTimeOffset? RestUntil { get; set; }

    public LaneHealth Health { get; set; } = LaneHealth.Well;

    public long Lease { get; set; }

    public DateTimeOffset LeasedUntil { get; set; } = DateTimeOffset.MinValue;

    /// <summary>A person ends a rest; a lease that a silo holds stays.</summary>
    public void EndRest()
    {
        if (LeasedUntil == RestUntil) LeasedUntil = DateTimeOffset.MinValue;
    }
}
