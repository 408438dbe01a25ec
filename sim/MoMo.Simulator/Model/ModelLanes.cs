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

    public Task<DateTimeOffset?> NextAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return AskAsync(() => store.Tables.Lanes.Values.Where(one => one.DueAt > now && one.DueAt < before).Min(one => (DateTimeOffset?)one.DueAt));
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
            ? new LaneDestination(lane, one.AccountId, one.Kind, one.Url, [.. one.Secrets], one.Paused)
            {
                Health = store.Tables.Lanes[lane].Health, Order = one.Order, Version = one.Version,
            }
            : null);

    public Task<DuePage> DueAsync(long lane, DeliveryOrder order, int max, HeldDeliveries all, CancellationToken cancellation)
    {
        var held = all.Ids;
        var now = clock.GetUtcNow();
        if (store.Defects.OrderIgnored) order = DeliveryOrder.None;
        var most = Math.Max(max / 2, 1);
        return AskAsync(() =>
        {
            if (order == DeliveryOrder.Account)
            {
                List<DueDelivery> first = [.. InOrder(lane, now, most, held).Select(Due)];
                return new DuePage(first, first.Count == most);
            }

            while (true)
            {
                var page = Page(lane, now, most, held);
                var behind = (order == DeliveryOrder.None ? [] : page)
                    .Select(one => (Line: one, First: First(one, page, held))).Where(one => one.First is not null).ToList();
                foreach (var (line, first) in behind) (line.Waits, line.DueAt) = (true, first!.DueAt);
                var left = order == DeliveryOrder.None ? [] : Beyond(page, most);
                var due = page.Except(behind.Select(one => one.Line)).Except(left).OrderBy(one => one.Delivery.Sequence).Select(Due).ToList();
                if (due.Count > 0) return new DuePage(due, page.Count >= most);
                if (behind.Count == 0) return DuePage.Empty;
            }
        });
    }

    public Task<bool> ReleaseAsync(LaneLease lease, long written, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return LockedAsync(lease.Lane, () =>
        {
            if (!Holds(lease)) return true;
            var next = store.Defects.LanesFallAsleep ? DateTimeOffset.MaxValue : Next(lease.Lane, now);
            var line = Change(lease);
            line.DueAt = next;
            if (next > now) line.LeasedUntil = DateTimeOffset.MinValue;
            if (next == DateTimeOffset.MaxValue) line.Health = line.Health with { FailingSince = null };
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

    public Task<bool> PauseAsync(long lane, long version, PauseReason reason, CancellationToken cancellation) => LockedAsync(lane, () =>
    {
        if (!store.Tables.Destinations.TryGetValue(lane, out var one) || one.Paused || one.Version != version) return false;
        one.Paused = true;
        one.Version++;
        store.Tables.Accounts[one.AccountId].Version++;
        return true;
    });

    public Task<bool> RestAsync(LaneLease lease, long version, DateTimeOffset? since, DateTimeOffset until, CancellationToken cancellation) =>
        LockedAsync(lease.Lane, () =>
        {
            if (!Is(lease.Lane, version) || IsAskedSince(lease.Lane, since)) return false;
            if (!Holds(lease)) return true;
            var line = Change(lease);
            (line.LeasedUntil, line.RestUntil, line.Lease) = (until, until, line.Lease + 1);
            return true;
        });

    public Task KeepAsync(LaneLease lease, long version, LaneHealth health, CancellationToken cancellation) => AskAsync(() =>
    {
        if (Is(lease.Lane, version) && Holds(lease)) store.Tables.Lanes[lease.Lane].Health = health;
        return true;
    });

    private bool IsAskedSince(long lane, DateTimeOffset? since) => store.Tables.Deliveries.Values.Any(one =>
        one.Delivery.Lane == lane && one is { State: "pending", Waits: false, Attempts: > 0 } && one.DueAt >= since);

    private bool Is(long lane, long version) => store.Tables.Destinations.TryGetValue(lane, out var one) && one.Version == version;

    /// <summary>When the lane has to be looked at again.</summary>
    private DateTimeOffset Next(long lane, DateTimeOffset now)
    {
        var pending = store.Tables.Deliveries.Values.Where(one => one.Delivery.Lane == lane && one.State == "pending")
            .OrderBy(one => one.Delivery.Sequence).ThenBy(one => one.Delivery.Id).ToList();
        if (store.Tables.Destinations[lane].Order == DeliveryOrder.Account) pending = [.. pending.Take(1)];
        return pending.Select(one => one.Waits ? one.DueAt : now).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
    }

    /// <summary>By number, up to the first that is not due.</summary>
    private IEnumerable<DeliveryLine> InOrder(long lane, DateTimeOffset now, int max, IReadOnlyCollection<Guid> held) => store.Tables.Deliveries.Values
        .Where(one => one.Delivery.Lane == lane && one.State == "pending" && !held.Contains(one.Delivery.Id))
        .OrderBy(one => one.Delivery.Sequence).ThenBy(one => one.Delivery.Id).TakeWhile(one => !one.Waits || one.DueAt <= now).Take(max);

    private List<DeliveryLine> Page(long lane, DateTimeOffset now, int max, IReadOnlyCollection<Guid> held)
    {
        var free = store.Tables.Deliveries.Values.Where(one => one.Delivery.Lane == lane && one.State == "pending" && !held.Contains(one.Delivery.Id)).ToList();
        return
        [
            .. free.Where(one => one.Waits && one.DueAt <= now).OrderBy(one => one.DueAt).ThenBy(one => one.Delivery.Sequence).Take(max),
            .. free.Where(one => !one.Waits).OrderBy(one => one.Delivery.Sequence).Take(max),
        ];
    }

    /// <summary>Those that wait with a higher number than what is ready in a page that is full of it: one of their references may be ready beyond it.</summary>
    private static List<DeliveryLine> Beyond(List<DeliveryLine> page, int max)
    {
        var ready = page.Where(one => !one.Waits).Select(one => one.Delivery.Sequence).ToList();
        return ready.Count < max ? [] : [.. page.Where(one => one.Waits && one.Delivery.OrderKey is not null && one.Delivery.Sequence > ready.Max())];
    }

    /// <summary>The first of the same reference that waits, and is neither in the page nor with the caller.</summary>
    private DeliveryLine? First(DeliveryLine line, List<DeliveryLine> page, IReadOnlyCollection<Guid> held) =>
        line.Delivery.OrderKey is not { } key || Overtakes(line) ? null : store.Tables.Deliveries.Values
            .Where(one => one.Delivery.Lane == line.Delivery.Lane && one.Delivery.OrderKey == key && one.State == "pending" && one.Waits
                && one.Delivery.Sequence < line.Delivery.Sequence && !held.Contains(one.Delivery.Id) && !page.Contains(one))
            .MinBy(one => one.Delivery.Sequence);

    private DueDelivery Due(DeliveryLine line) => new(line.Delivery.Id, line.Attempts, store.Tables.Find(line.Delivery.PaymentId)!)
    {
        RoundStart = line.RoundStart, OrderKey = Overtakes(line) ? null : line.Delivery.OrderKey, Sequence = line.Delivery.Sequence,
        DueAt = line.DueAt, WasRejected = line.WasRejected,
        Reversal = line.Delivery.ReversalId is { } reversal ? store.Tables.FindReversal(reversal) : null,
    };

    /// <summary>What was sent again does not care for the order.</summary>
    private bool Overtakes(DeliveryLine line) => store.Defects.ReplaysOvertake && line.RoundStart > 0;

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
