using System.Runtime.ExceptionServices;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// One silo's work on one lane for as long as it holds it: takes what is due in pages, keeps as many attempts in flight as the pace allows, in the
/// order that was promised, and lets the lane go when nothing is left.
/// </summary>
internal sealed class LaneWork : IDisposable
{
    /// <summary>A pause longer than this is not waited for while holding the lane.</summary>
    private static readonly TimeSpan HeldPauseMax = TimeSpan.FromSeconds(2);

    /// <summary>How long what was found of the destination is good for.</summary>
    internal static readonly TimeSpan FoundFor = TimeSpan.FromSeconds(10);

    private readonly LaneLease lease;
    private readonly LanePace pace;
    private readonly LaneTools tools;
    private readonly Func<bool> lost;
    private readonly LaneQueue queue = new();
    private readonly LaneSignal signal;
    private readonly LaneAttempts attempts;
    private LaneDestination? destination;
    private BatchRule? batch; // of a kind that takes several at once
    private long foundAt;
    private int page; // deliveries that are read at once
    private bool settling; // what is in flight was taken in another order: nothing may go beside it
    private bool closed; // paused, or removed
    private bool gone;
    private volatile bool woken;
    private bool inVain; // the store has said that something is due, and nothing was found since
    private bool look = true; // something may have become due since the store was last asked

    /// <summary>Work on a lane; <see cref="RunAsync"/> does it.</summary>
    /// <param name="lease">The right to it.</param>
    /// <param name="pace">How fast it may go.</param>
    /// <param name="tools">What all lanes share.</param>
    /// <param name="lost">Whether the lease is another silo's by now.</param>
    /// <param name="counted">Told of each delivery that was tried, whether it arrived, and when it is tried again.</param>
    public LaneWork(LaneLease lease, LanePace pace, LaneTools tools, Func<bool> lost, Action<bool, DateTimeOffset?> counted)
    {
        (this.lease, this.pace, this.tools, this.lost) = (lease, pace, tools, lost);
        page = tools.Options.PageMax;
        signal = new LaneSignal(tools.Clock);
        attempts = new LaneAttempts(pace, tools, signal, lost, counted);
    }

    private ILanes Lanes => tools.Lanes;

    private bool Halted => closed || pace.RestUntil is not null;

    /// <summary>Something became due: look at once, also while attempts are in flight.</summary>
    public void Look()
    {
        woken = true;
        signal.Give();
    }

    /// <summary>Works until the lane is let go, is lost, or the silo stops.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        using (stopping.UnsafeRegister(Give, signal))
        using (abandon.UnsafeRegister(Give, signal))
        {
            pace.Begin();
            try
            {
                while (!await StepAsync(stopping, abandon)) { }
            }
            finally
            {
                // Whatever happened, nobody may hold the lane while attempts of this work are in flight.
                await DrainAsync();
            }
        }

        static void Give(object? signal) => ((LaneSignal)signal!).Give();
    }

    /// <summary>Once <see cref="RunAsync"/> has ended; who calls <see cref="Look"/> after that calls nobody.</summary>
    public void Dispose() => signal.Dispose();

    /// <returns>Whether the work has ended.</returns>
    private async Task<bool> StepAsync(CancellationToken stopping, CancellationToken abandon)
    {
        // All that signals is looked at after this: what comes later ends the next wait.
        signal.TakeBack();
        Settle();
        // What is gathered is looked for in steps, however often it is called.
        if (woken) (woken, look) = (false, look || !(GatherUntil > tools.Clock.GetUtcNow()));
        if (pace.Changed) await KeepAsync(abandon);
        if ((gone || pace.Hopeless) && !closed) await CloseAsync(gone ? PauseReason.Gone : PauseReason.Failing, abandon);
        var ending = stopping.IsCancellationRequested || lost();
        if (!ending && !Halted && MayTakeMore()) await TakeAsync(abandon);
        // What waits here may wait long: a secret that was ended, or a pause, must not wait with it.
        else if (!ending && !Halted && queue.HasNext && tools.Clock.GetElapsedTime(foundAt) > FoundFor) await FindAsync(abandon);
        // Asked again: a look may have lasted for as long as the lease.
        ending = stopping.IsCancellationRequested || lost();
        if (!ending && !Halted)
        {
            Send(abandon);
            if (MayTakeMore()) return false; // what was here is on its way, and there is room for more
        }

        if (queue.Sent > 0)
        {
            await WaitAsync(ending, abandon);
            return false;
        }

        return await LetGoAsync(stopping, abandon);
    }

    private bool MayTakeMore() => look && !settling && queue.Sent < Limit
        && (batch is { } rule ? queue.Waiting < rule.Max : !queue.HasNext && queue.Waiting < HeldMax);

    /// <summary>Of one lane wait in memory at most this many, and what one more page has.</summary>
    private int HeldMax => 4 * tools.Options.PageMax;

    private int Limit => batch is not null || destination?.Order == DeliveryOrder.Account ? 1 : pace.Concurrency;

    /// <summary>Until when more are waited for to be sent together; null when they are enough, or go one by one.</summary>
    private DateTimeOffset? GatherUntil => batch is { } rule && queue.Waiting < rule.Max && queue.WaitsSince is { } since ? since + rule.Wait : null;

    /// <summary>Where the lane leads now; null when it is paused or gone, and the work ends.</summary>
    private async Task<LaneDestination?> FindAsync(CancellationToken abandon)
    {
        var found = await Lanes.FindAsync(lease.Lane, abandon);
        foundAt = tools.Clock.GetTimestamp();
        if (found is not { Paused: false })
        {
            closed = true;
            return null;
        }

        // What waits in memory was taken in the order of before.
        if (destination is not null && destination.Order != found.Order)
        {
            queue.Clear();
            (settling, look) = (queue.Sent > 0, true);
        }

        destination = found;
        pace.Meet(found);
        return found;
    }

    private async Task TakeAsync(CancellationToken abandon)
    {
        look = false;
        if (await FindAsync(abandon) is not { } found) return;
        if (settling) return;
        batch = (tools.Kinds.GetValueOrDefault(found.Kind) as IBatchKind)?.Batch(found.Settings);
        var max = batch is { } rule ? Math.Max(2 * (rule.Max - queue.Waiting), 2) : queue.Waiting + page <= HeldMax ? page : tools.Options.PageMax;
        var due = await Lanes.DueAsync(lease.Lane, found.Order, max, queue.Held, abandon);
        queue.Add(due.Deliveries, found.Order);
        inVain &= due.Deliveries.Count == 0;
        look = due.HasMore; // else there is nothing more until something ends or comes
        page = PageAfter(isFull: due.Deliveries.Count >= Math.Max(max / 2, 1));
    }

    /// <summary>
    /// A look costs about the same whatever it finds, so a backlog is read in larger pages, as long as the lanes of the silo together hold no more than as
    /// many as it may have would with usual ones.
    /// </summary>
    private int PageAfter(bool isFull)
    {
        var options = tools.Options;
        if (!isFull) return options.PageMax;
        var most = Math.Min(HeldMax, (long)options.LanesMax * options.PageMax / Math.Max(tools.LanesHeld(), 1));
        return 2 * page <= most ? 2 * page : page <= most ? page : options.PageMax;
    }

    private void Send(CancellationToken abandon)
    {
        var now = tools.Clock.GetUtcNow();
        while (queue.Sent < Limit && pace.NotBefore(now) <= now && !(GatherUntil > now) && !lost() && Begin(abandon)) pace.Started(now);
    }

    /// <returns>Whether there was something to send.</returns>
    private bool Begin(CancellationToken abandon)
    {
        if (batch is { } rule)
        {
            if (queue.Take(rule.Max) is not { Count: > 0 } several) return false;
            attempts.Begin(several, destination!, abandon);
            return true;
        }

        if (queue.Take() is not { } one) return false;
        attempts.Begin(one, destination!, abandon);
        return true;
    }

    private void Settle()
    {
        while (attempts.TryTake(out var one))
        {
            queue.Settle(one.Delivery.Id, one.Arrived, one.Written);
            // Nothing in the store waited for one that arrived at the first attempt. What others add is looked for now and then all the same.
            look |= !one.Arrived || one.Delivery.Unwritten is null || tools.Clock.GetElapsedTime(foundAt) > tools.Options.Poll;
            if (one.Fault is { } fault) ExceptionDispatchInfo.Throw(fault);
            if (one.Result is not { } result) continue; // its batch's first speaks for it
            // What an address said that somebody has corrected since is no answer of the new one.
            if (one.Version != destination!.Version) continue;
            pace.Ended(result, tools.Clock.GetUtcNow());
            gone |= result.Verdict == AttemptVerdict.Gone;
        }

        if (queue.Sent == 0) settling = false;
    }

    private async Task KeepAsync(CancellationToken abandon)
    {
        await Lanes.KeepAsync(lease, destination!.Version, pace.Health, abandon);
        pace.Kept();
    }

    private async Task CloseAsync(PauseReason reason, CancellationToken abandon)
    {
        closed = true;
        queue.Clear();
        // There is a destination: only attempts at it bring us here. One that somebody has corrected meanwhile is not paused: it is met again from the start.
        if (await Lanes.PauseAsync(lease.Lane, destination!.Version, reason, abandon)) tools.Paused(destination!, reason);
    }

    /// <summary>Waits for an attempt to end; also for the pace, and now and then to look for what became due meanwhile.</summary>
    private async Task WaitAsync(bool ending, CancellationToken abandon)
    {
        abandon.ThrowIfCancellationRequested();
        var now = tools.Clock.GetUtcNow();
        var wait = tools.Options.Poll;
        var paced = !ending && !Halted && queue.HasNext && queue.Sent < Limit;
        if (paced && pace.NotBefore(now) - now < wait) wait = pace.NotBefore(now) - now;
        var signalled = wait <= TimeSpan.Zero || await signal.WaitAsync(wait);
        if (!signalled && !paced) look = true;
    }

    /// <returns>Whether the lane was let go; false when there is something to do in it.</returns>
    private async Task<bool> LetGoAsync(CancellationToken stopping, CancellationToken abandon)
    {
        if (attempts.HaveEnded) return false;
        if (lost())
        {
            // It may be lost only as far as time tells: then nobody has it, and anybody may claim it at once. Else this lets go of nothing.
            await Lanes.ParkAsync(lease, again: true, CancellationToken.None);
            return true;
        }

        pace.Leave();
        if (pace.Changed && !closed) await KeepAsync(abandon);
        if (stopping.IsCancellationRequested)
        {
            await Lanes.ParkAsync(lease, again: true, CancellationToken.None);
            return true;
        }

        if (closed)
        {
            pace.Forget();
            await Lanes.ParkAsync(lease, again: false, abandon);
            return true;
        }

        if (pace.RestUntil is { } until) return await RestAsync(pace.RestSince, until, abandon);

        if (queue.Waiting > 0)
        {
            var now = tools.Clock.GetUtcNow();
            var next = GatherUntil is { } full && full > pace.NotBefore(now) ? Earlier(full, now + batch!.Step) : pace.NotBefore(now);
            if (next - now <= HeldPauseMax)
            {
                if (next > now) await signal.WaitAsync(next - now);
                look |= batch is not null;
                return false;
            }

            return await RestAsync(null, next, abandon);
        }

        if (pace.Health.Recovering)
        {
            pace.Drained();
            if (pace.Changed) await KeepAsync(abandon);
        }

        if (await Lanes.ReleaseAsync(lease, queue.Held.Written, abandon)) return true;
        // What became due since is found by the next look. If that finds nothing, another one at once would not either.
        if (inVain) await signal.WaitAsync(tools.Options.Poll);
        (look, inVain) = (true, true);
        return false;
    }

    /// <returns>Whether the lane was let go.</returns>
    private async Task<bool> RestAsync(DateTimeOffset? since, DateTimeOffset until, CancellationToken abandon)
    {
        if (await Lanes.RestAsync(lease, destination!.Version, since, until, abandon)) return true;
        // Somebody has corrected the destination since, or wants a delivery tried all the same: what was held against the one of before is not held against
        // it. What the store knows of it is met again.
        pace.Forget();
        look = true;
        await FindAsync(abandon);
        return false;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private async Task DrainAsync()
    {
        while (queue.Sent > 0)
        {
            signal.TakeBack();
            while (attempts.TryTake(out var one)) queue.Settle(one.Delivery.Id, one.Arrived, one.Written);
            if (queue.Sent == 0) return;
            await signal.WaitAsync();
        }
    }
}
