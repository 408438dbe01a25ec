using MoMo.Domain.Deliveries;

namespace MoMo.Simulator.Model;

/// <summary>The lanes of the model; statement by statement as LaneStore does it in SQL.</summary>
internal sealed class ModelLanes(Store store, Link link, TimeProvider clock) : ILanes
{
    public Task<IReadOnlyList<LaneLease>> ClaimAsync(int max, TimeSpan lease, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return AskAsync<IReadOnlyList<LaneLease>>(() =>
        {
            var due = store.Tables.Lanes.Where(one => one.Value.DueAt <= now && one.Value.LeasedUntil <= now).OrderBy(one => one.Value.DueAt).Take(max).ToList();
            foreach (var (_, line) in due) (line.Lease, line.LeasedUntil) = (line.Lease + 1, now + lease);
            return [.. due.Select(one => new LaneLease(one.Key, one.Value.Lease))];
        });
    }

    public Task<IReadOnlyCollection<LaneLease>> RenewAsync(IReadOnlyCollection<LaneLease> leases, TimeSpan lease, CancellationToken cancellation)
    {
        var until = clock.GetUtcNow() + lease;
        LaneLease[] asked = [.. leases.OrderBy(one => one.Lane).ThenBy(one => one.Number)];
        return AskAsync<IReadOnlyCollection<LaneLease>>(() =>
        {
            List<LaneLease> renewed = [];
            foreach (var one in asked)
            {
                if (!Holds(one) || store.Tables.Lanes[one.Lane].LeasedUntil == DateTimeOffset.MinValue) continue;
                Change(one).LeasedUntil = until;
                renewed.Add(one);
            }

            return renewed;
        });
    }

    public Task<LaneDestination?> FindAsync(long lane, CancellationToken cancellation) =>
        AskAsync(() => store.Tables.Destinations.TryGetValue(lane, out var one)
            ? new LaneDestination(lane, one.AccountId, "webhook", one.Url, [], one.Paused)
            : null);

    public Task<IReadOnlyList<DueDelivery>> DueAsync(long lane, int max, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return AskAsync<IReadOnlyList<DueDelivery>>(() =>
        [
            .. store.Tables.Deliveries.Values.Where(one => one.Delivery.Lane == lane && one.State == "pending" && one.DueAt <= now)
                .OrderBy(one => one.DueAt).ThenBy(one => one.Delivery.Sequence).Take(max)
                .Select(one => new DueDelivery(one.Delivery.Id, one.Attempts, store.Tables.Find(one.Delivery.PaymentId)!)),
        ]);
    }

    public Task<bool> ReleaseAsync(LaneLease lease, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return LockedAsync(lease.Lane, () =>
        {
            if (!Holds(lease)) return true;
            var next = store.Defects.LanesFallAsleep ? DateTimeOffset.MaxValue : store.Tables.Deliveries.Values
                .Where(one => one.Delivery.Lane == lease.Lane && one.State == "pending").Select(one => one.DueAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            var line = Change(lease);
            line.DueAt = next;
            if (next > now) line.LeasedUntil = DateTimeOffset.MinValue;
            return next > now;
        });
    }

    public Task ParkAsync(LaneLease lease, bool again, CancellationToken cancellation) => LockedAsync(lease.Lane, () =>
    {
        if (!Holds(lease)) return true;
        var line = Change(lease);
        line.LeasedUntil = DateTimeOffset.MinValue;
        if (!again && !store.Tables.Destinations.Any(one => one.Key == lease.Lane && !one.Value.Paused)) line.DueAt = DateTimeOffset.MaxValue;
        return true;
    });

    public Task PauseAsync(long lane, string reason, CancellationToken cancellation) => LockedAsync(lane, () =>
    {
        if (!store.Tables.Destinations.TryGetValue(lane, out var one) || one.Paused) return true;
        one.Paused = true;
        store.Tables.Accounts[one.AccountId].Version++;
        return true;
    });

    private bool Holds(LaneLease lease) =>
        store.Tables.Lanes.TryGetValue(lease.Lane, out var line) && (store.Defects.LeasesNotFenced || line.Lease == lease.Number);

    private LaneLine Change(LaneLease lease)
    {
        var line = store.Tables.Lanes[lease.Lane];
        store.Held(lease.Lane, lease.Number, line.Lease);
        return line;
    }

    private Task<T> AskAsync<T>(Func<T> statement) => link.AskAsync(_ => Task.FromResult(statement()));

    private Task<T> LockedAsync<T>(long lane, Func<T> statement) => link.AskAsync(async session =>
    {
        session.IsOpen = true;
        if (store.Tables.Destinations.TryGetValue(lane, out var one)) await store.Locks.TakeAsync(session, $"head {one.AccountId}");
        var answer = statement();
        store.End(session);
        return answer;
    });
}
