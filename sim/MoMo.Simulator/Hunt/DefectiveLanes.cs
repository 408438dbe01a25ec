using MoMo.Domain.Deliveries;

namespace MoMo.Simulator.Hunt;

/// <summary>Lanes of which only one is worked on at a time.</summary>
internal sealed class DefectiveLanes(ILanes inner) : ILanes
{
    private readonly HashSet<LaneLease> held = [];

    public async Task<IReadOnlyList<LaneLease>> ClaimAsync(int max, TimeSpan lease, CancellationToken cancellation)
    {
        if (held.Count > 0) return [];
        var claimed = await inner.ClaimAsync(1, lease, cancellation);
        held.UnionWith(claimed);
        return claimed;
    }

    public Task<DateTimeOffset?> NextAsync(DateTimeOffset before, CancellationToken cancellation) => inner.NextAsync(before, cancellation);

    public async Task<IReadOnlyCollection<LaneLease>> RenewAsync(IReadOnlyCollection<LaneLease> leases, TimeSpan lease, CancellationToken cancellation)
    {
        var renewed = await inner.RenewAsync(leases, lease, cancellation);
        held.IntersectWith(renewed);
        return renewed;
    }

    public Task<LaneDestination?> FindAsync(long lane, CancellationToken cancellation) => inner.FindAsync(lane, cancellation);

    public Task<DuePage> DueAsync(
        long lane, DeliveryOrder order, int max, HeldDeliveries known, CancellationToken cancellation) =>
        inner.DueAsync(lane, order, max, known, cancellation);

    public Task<bool> RestAsync(LaneLease lease, long version, DateTimeOffset? since, DateTimeOffset until, CancellationToken cancellation)
    {
        held.Remove(lease);
        return inner.RestAsync(lease, version, since, until, cancellation);
    }

    public Task KeepAsync(LaneLease lease, long version, LaneHealth health, CancellationToken cancellation) =>
        inner.KeepAsync(lease, version, health, cancellation);

    public async Task<bool> ReleaseAsync(LaneLease lease, long written, CancellationToken cancellation)
    {
        var released = await inner.ReleaseAsync(lease, written, cancellation);
        if (released) held.Remove(lease);
        return released;
    }

    public Task ParkAsync(LaneLease lease, bool again, CancellationToken cancellation)
    {
        held.Remove(lease);
        return inner.ParkAsync(lease, again, cancellation);
    }

    public Task<bool> PauseAsync(long lane, long version, PauseReason reason, CancellationToken cancellation) =>
        inner.PauseAsync(lane, version, reason, cancellation);
}
