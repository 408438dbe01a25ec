namespace MoMo.Domain.Deliveries;

/// <summary>The lanes in the agenda: who works on which, and what is due there.</summary>
public interface ILanes
{
    /// <summary>Claims lanes that are due, that nobody else holds and that are not resting.</summary>
    Task<IReadOnlyList<LaneLease>> ClaimAsync(int max, TimeSpan lease, CancellationToken cancellation);

    /// <summary>When the first lane becomes due of those that sleep now; null when none does before a time.</summary>
    Task<DateTimeOffset?> NextAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Prolongs leases; those that are not in the answer were lost to another silo.</summary>
    Task<IReadOnlyCollection<LaneLease>> RenewAsync(IReadOnlyCollection<LaneLease> leases, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Where the lane leads and how it fares; null when its destination is gone.</summary>
    Task<LaneDestination?> FindAsync(long lane, CancellationToken cancellation);

    /// <summary>
    /// What may be sent now without breaking the order, by its number. A delivery whose turn comes only after one that is tried later is put off
    /// until then, so that it is not looked at again and again.
    /// </summary>
    /// <param name="lane">The lane.</param>
    /// <param name="order">What may not be overtaken.</param>
    /// <param name="max">At most so many.</param>
    /// <param name="held">Those that the caller has already; they are left out, and hold back nothing: the caller sees to their order.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<DuePage> DueAsync(long lane, DeliveryOrder order, int max, HeldDeliveries held, CancellationToken cancellation);

    /// <summary>Lets the lane go until its next delivery is due. When none is pending it is forgotten since when the lane fails: nothing waits for it.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="written"><see cref="HeldDeliveries.Written"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when something became due meanwhile: the lane is still held.</returns>
    Task<bool> ReleaseAsync(LaneLease lease, long written, CancellationToken cancellation);

    /// <summary>Lets the lane go as it is: paused, or the silo is stopping.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="again">Whether anybody may claim it at once; else it rests until its destination changes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task ParkAsync(LaneLease lease, bool again, CancellationToken cancellation);

    /// <summary>Lets the lane go; nobody claims it before a time, whatever becomes due in it. A person may end the rest.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="version">Which version of the destination it rests for: one that somebody changed meanwhile does not.</param>
    /// <param name="since">When it was found that the lane has to rest: what a person asked for again since ends the rest before it begins. Null for
    /// one that is the hub's own pace, which nobody's word changes.</param>
    /// <param name="until">The end of the rest.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when the destination is another one now, or is no longer there, or somebody asked: the lane is still held.</returns>
    Task<bool> RestAsync(LaneLease lease, long version, DateTimeOffset? since, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Remembers how a lane fares; nothing when the lease is another's now.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="version">Which version of the destination fares so: of one that somebody changed meanwhile nothing is remembered.</param>
    /// <param name="health">How it fares.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task KeepAsync(LaneLease lease, long version, LaneHealth health, CancellationToken cancellation);

    /// <summary>Pauses a lane's destination because its receiver wants no more, or fails for days.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="version">Which version of the destination that was: one that somebody changed meanwhile stays as it is.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>True once it is paused by this; false when it was before, is another one now, or is no longer there.</returns>
    Task<bool> PauseAsync(long lane, long version, PauseReason reason, CancellationToken cancellation);
}
