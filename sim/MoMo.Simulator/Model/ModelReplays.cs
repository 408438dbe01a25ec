namespace MoMo.Simulator.Model;

/// <summary>Goes on with replays on the model, statement by statement as ReplayRunner and ReplayStore do it in SQL.</summary>
internal sealed class ModelReplays(Store store, Link link, TimeProvider clock)
{
    /// <summary>Small, so that replays are interrupted between batches.</summary>
    public const int BatchMax = 3;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BatchPause = TimeSpan.FromSeconds(1);

    /// <summary>Begins a replay: counts, and puts it on the agenda.</summary>
    public Task<ReplayLine> BeginAsync(Func<int, ReplayLine> make) => link.AskAsync(_ =>
    {
        var line = make(store.Tables.Replays.Count + 1);
        line.Total = store.Tables.Deliveries.Values.Count(line.Fits);
        line.DueAt = clock.GetUtcNow();
        store.Tables.Replays.Add(line.Id, line);
        store.Replaying(line);
        return Task.FromResult(line);
    });

    /// <summary>Makes one batch of each replay that is due.</summary>
    /// <returns>Whether something became due.</returns>
    public async Task<bool> RunOnceAsync()
    {
        // Who asks when there is nothing only makes a run longer.
        if (store.Tables.Replays.Values.All(one => one.Finished)) return false;
        var (now, made) = (clock.GetUtcNow(), false);
        var claimed = await link.AskAsync(_ => Task.FromResult(Claim(now)));
        foreach (var (line, lease) in claimed) made |= await StepAsync(line, lease);
        return made;
    }

    private List<(ReplayLine Line, long Lease)> Claim(DateTimeOffset now)
    {
        var due = store.Tables.Replays.Values.Where(one => !one.Finished && one.DueAt <= now && one.LeasedUntil <= now).ToList();
        if (store.Defects.ReplaysForgotten) due.RemoveAll(one => one.LeasedUntil > DateTimeOffset.MinValue);
        foreach (var line in due) (line.Lease, line.LeasedUntil) = (line.Lease + 1, now + Lease);
        return due.ConvertAll(line => (line, line.Lease));
    }

    private Task<bool> StepAsync(ReplayLine line, long lease)
    {
        var now = clock.GetUtcNow();
        return link.AskAsync(async session =>
        {
            session.IsOpen = true;
            await store.Locks.TakeAsync(session, $"replay {line.Id}");
            var next = Next(line);
            foreach (var account in next.Select(one => one.Delivery.AccountId).Distinct().Order(StringComparer.Ordinal))
                await store.Locks.TakeAsync(session, $"head {account}");
            // Whoever claimed it since goes on; else all of it takes effect at once.
            if (line.Lease == lease) Apply(line, next, now);
            store.End(session);
            return next.Count > 0;
        });
    }

    private void Apply(ReplayLine line, List<DeliveryLine> next, DateTimeOffset now)
    {
        line.LeasedUntil = DateTimeOffset.MinValue;
        line.Finished = next.Count == 0;
        if (line.Finished) return;
        // Not those that somebody sent again since they were chosen.
        foreach (var one in next.Where(one => one.State == line.State))
        {
            store.SendAgain(one, now, line);
            var lane = store.Tables.Lanes[one.Delivery.Lane];
            if (!store.Tables.Destinations[one.Delivery.Lane].Paused && lane.DueAt > now) lane.DueAt = now;
        }

        if (!store.Defects.ReplaysBeginAnew) line.Cursor = next[^1].Delivery.Id;
        line.DueAt = now + BatchPause;
    }

    private List<DeliveryLine> Next(ReplayLine line)
    {
        var all = store.Tables.Deliveries.Values.AsEnumerable(); // by id
        all = store.Defects.ReplaysTooWide ? all.Where(one => one.State == line.State && one.Delivery.DueAt < line.Until) : all.Where(line.Fits);
        return [.. all.Where(one => line.Cursor is not { } last || one.Delivery.Id.CompareTo(last) > 0).Take(BatchMax)];
    }
}
