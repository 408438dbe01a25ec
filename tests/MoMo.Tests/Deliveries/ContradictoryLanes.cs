using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Deliveries;

/// <summary>One lane, of which the store says again and again that something is due in it, and never finds anything.</summary>
internal sealed class ContradictoryLanes : ILanes
{
    private static readonly LaneDestination To = new(1, "a0", "webhook", new Uri("http://a.example"), [], false);
    private int claimed;
    private int releases;

    /// <summary>How often somebody wanted to let the lane go.</summary>
    public int Releases => Volatile.Read(ref releases);

    public Task<IReadOnlyList<LaneLease>> ClaimAsync(int max, TimeSpan lease, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LaneLease>>(Interlocked.Exchange(ref claimed, 1) == 0 ? [new LaneLease(1, 1)] : []);

    public Task<DateTimeOffset?> NextAsync(DateTimeOffset before, CancellationToken cancellation) => Task.FromResult<DateTimeOffset?>(null);

    public Task<IReadOnlyCollection<LaneLease>> RenewAsync(IReadOnlyCollection<LaneLease> leases, TimeSpan lease, CancellationToken cancellation) =>
        Task.FromResult(leases);

    public Task<LaneDestination?> FindAsync(long lane, CancellationToken cancellation) => Task.FromResult<LaneDestination?>(To);

    public async Task<DuePage> DueAsync(long lane, DeliveryOrder order, int max, HeldDeliveries held, CancellationToken cancellation)
    {
        await Task.Yield();
        return DuePage.Empty;
    }

    public async Task<bool> ReleaseAsync(LaneLease lease, long written, CancellationToken cancellation)
    {
        await Task.Yield();
        Interlocked.Increment(ref releases);
        return false;
    }

    public Task ParkAsync(LaneLease lease, bool again, CancellationToken cancellation) => Task.CompletedTask;

    public Task<bool> RestAsync(LaneLease lease, long version, DateTimeOffset? since, DateTimeOffset until, CancellationToken cancellation) => Task.FromResult(true);

    public Task KeepAsync(LaneLease lease, long version, LaneHealth health, CancellationToken cancellation) => Task.CompletedTask;

    public Task<bool> PauseAsync(long lane, long version, PauseReason reason, CancellationToken cancellation) => Task.FromResult(true);
}
