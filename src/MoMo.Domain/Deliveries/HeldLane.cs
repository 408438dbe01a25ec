namespace MoMo.Domain.Deliveries;

/// <summary>A lane that this silo holds, or held until a moment ago.</summary>
/// <param name="lease">The right to it.</param>
/// <param name="confirmedAt">When the lease was given: a timestamp of the silo's clock, taken before it was asked for.</param>
internal sealed class HeldLane(LaneLease lease, long confirmedAt)
{
    private long confirmedAt = confirmedAt;
    private volatile bool lost;

    /// <summary>The right to it.</summary>
    public LaneLease Lease { get; } = lease;

    /// <summary>The work on it, once that has begun.</summary>
    public LaneWork? Work { get; set; }

    /// <summary>Ends with the work, never with a fault.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>The lease was prolonged.</summary>
    public void Confirm(long at) => Volatile.Write(ref confirmedAt, at);

    /// <summary>The lease is another one's now.</summary>
    public void Lose() => lost = true;

    /// <summary>Whether another one may hold the lane by now. Who was stopped for longer than a lease lasts knows it without asking.</summary>
    public bool IsLost(TimeSpan lasts, TimeProvider clock) => lost || clock.GetElapsedTime(Volatile.Read(ref confirmedAt)) >= lasts;
}
