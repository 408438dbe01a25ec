namespace MoMo.Domain.Deliveries;

/// <summary>The lanes in the agenda: who works on which, and what is due there.</summary>
public interface ILanes
{
    /// <summary>Claims lanes that are due and that nobody else holds.</summary>
    Task<IReadOnlyList<LaneLease>> ClaimAsync(int max, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Prolongs leases; those that are not in the answer were lost to another silo.</summary>
    Task<IReadOnlyCollection<LaneLease>> RenewAsync(IReadOnlyCollection<LaneLease> leases, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Where the lane leads; null when its destination is gone.</summary>
    Task<LaneDestination?> FindAsync(long lane, CancellationToken cancellation);

    /// <summary>What is due in the lane, longest due first.</summary>
    Task<IReadOnlyList<DueDelivery>> DueAsync(long lane, int max, CancellationToken cancellation);

    /// <summary>Lets the lane go until its next delivery is due.</summary>
    /// <returns>False when something became due meanwhile: the lane is still held.</returns>
    Task<bool> ReleaseAsync(LaneLease lease, CancellationToken cancellation);

    /// <summary>Lets the lane go as it is: paused, or the silo is stopping.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="again">Whether anybody may claim it at once; else it rests until its destination changes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task ParkAsync(LaneLease lease, bool again, CancellationToken cancellation);

    /// <summary>Pauses a lane's destination because its receiver wants no more.</summary>
    Task PauseAsync(long lane, string reason, CancellationToken cancellation);
}
