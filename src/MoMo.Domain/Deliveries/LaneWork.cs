using System.Collections.Concurrent;
using MoMo.Engine;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// One silo's work on one lane for as long as it holds it: takes what is due in pages, keeps as many attempts in flight as the pace allows, in the
/// order that was promised, and lets the lane go when nothing is left.
/// </summary>
internal sealed class LaneWork(LaneLease lease, LanePace pace, LaneTools tools, Func<bool> lost, Action<bool> counted)
{
    /// <summary>A pause longer than this is not waited for while holding the lane.</summary>
    private static readonly TimeSpan HeldPauseMax = TimeSpan.FromSeconds(2);

    /// <summary>How long what was found of the destination is good for.</summary>
    private static readonly TimeSpan FoundFor = TimeSpan.FromSeconds(10);

    /// <summary>When a delivery that has had all its attempts is due again while its lane's breaker is open.</summary>
    private static readonly TimeSpan ProbedAgainAfter = TimeSpan.FromHours(1);

    private readonly LaneQueue queue = new();
    private readonly ConcurrentQueue<(DueDelivery Delivery, AttemptResult? Result, bool Done, bool Written, Exception? Fault)> ended = new();
    private volatile TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LaneDestination? destination;
    private BatchRule? batch; // of a kind that takes several at once
    private long foundAt;
    private bool closed; // paused, or removed
    private bool gone;
    private volatile bool woken;
    private bool look = true; // something may have become due since the store was last asked

    private ILanes Lanes => tools.Lanes;

    private bool Halted => closed || pace.RestUntil is not null;

    /// <summary>Something became due: look at once, also while attempts are in flight.</summary>
    public void Look()
    {
        woken = true;
        signal.TrySetResult();
    }

    /// <summary>Works until the lane is let go, is lost, or the silo stops.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
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

    /// <returns>Whether the work has ended.</returns>
    private async Task<bool> StepAsync(CancellationToken stopping, CancellationToken abandon)
    {
        Settle();
        // What is gathered is looked for in steps, however often it is called.
        if (woken) (woken, look) = (false, look || !(GatherUntil > tools.Clock.GetUtcNow()));
        if (pace.Changed) await KeepAsync(abandon);
        if ((gone || pace.Hopeless) && !closed) await CloseAsync(gone ? LaneTools.PausedAsGone : LaneTools.PausedAsFailing, abandon);
        var ending = stopping.IsCancellationRequested || lost();
        if (!ending && !Halted && MayTakeMore()) await TakeAsync(abandon);
        // What waits here may wait long: a secret that was ended, or a pause, must not wait with it.
        else if (!ending && !Halted && queue.HasNext && tools.Clock.GetElapsedTime(foundAt) > FoundFor) await FindAsync(abandon);
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

    private bool MayTakeMore() => look && queue.Sent < Limit
        && (batch is { } rule ? queue.Waiting < rule.Max : !queue.HasNext && queue.Waiting < 4 * tools.Options.PageMax);

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
        if (destination is not null && destination.Order != found.Order) queue.Clear();
        destination = found;
        pace.Meet(found);
        return found;
    }

    private async Task TakeAsync(CancellationToken abandon)
    {
        look = false;
        if (await FindAsync(abandon) is not { } found) return;
        batch = (tools.Kinds.GetValueOrDefault(found.Kind) as IBatchKind)?.Batch(found.Settings);
        var max = batch is { } rule ? Math.Max(2 * (rule.Max - queue.Waiting), 2) : tools.Options.PageMax;
        var due = await Lanes.DueAsync(lease.Lane, found.Order, max, queue.Held, abandon);
        queue.Add(due, found.Order);
        look = due.Count >= max / 2; // else there is nothing more until something ends or comes
    }

    private void Send(CancellationToken abandon)
    {
        var now = tools.Clock.GetUtcNow();
        while (queue.Sent < Limit && pace.NotBefore <= now && !(GatherUntil > now) && Next() is { Count: > 0 } next)
        {
            pace.Started(now);
            _ = Work.Start(() => SendAsync(next, destination!, abandon));
        }
    }

    private IReadOnlyList<DueDelivery> Next() => batch is { } rule ? queue.Take(rule.Max) : queue.Take() is { } one ? [one] : [];

    private async Task SendAsync(IReadOnlyList<DueDelivery> all, LaneDestination to, CancellationToken abandon)
    {
        try
        {
            var began = tools.Clock.GetTimestamp();
            var (count, result) = await TryAsync(all, to, abandon);
            result = result with { Duration = tools.Clock.GetElapsedTime(began) };
            // What failed together is tried again together. The first is recorded before the others: a batch is known by its first, so whatever is
            // left of it after a crash must never come under the name of one whose other parts are told already.
            var waits = count > 1 ? new Dictionary<int, TimeSpan?>() : null;
            var first = await RecordAsync(all[0], to, result, waits);
            bool[] done = count == 1 ? [first] : [first, .. await Task.WhenAll(all.Take(count).Skip(1).Select(one => RecordAsync(one, to, result, waits)))];
            for (var place = 0; place < all.Count; place++)
            {
                if (place < count) counted(result.Verdict == AttemptVerdict.Delivered);
                ended.Enqueue((all[place], place == 0 ? result : null, place < count && done[place], place < count, null));
            }
        }
        catch (Exception e)
        {
            foreach (var one in all) ended.Enqueue((one, null, false, false, e));
        }

        signal.TrySetResult();
    }

    /// <returns>How many of them were tried, at least one, and what came of it.</returns>
    private async Task<(int Count, AttemptResult Result)> TryAsync(IReadOnlyList<DueDelivery> all, LaneDestination to, CancellationToken abandon)
    {
        List<DeliveryMessage> messages = [];
        try
        {
            foreach (var one in all) messages.Add(new(one.Id, to.Url, to.Secrets, tools.Body(one)) { Seeds = to.Seeds, Due = one, To = to });
        }
        catch (Exception e)
        {
            // One payment that can't be written must not stop the others of its lane: those before it go, and then it fails alone.
            if (messages.Count == 0) return (1, Fault(e));
        }

        try
        {
            var kind = tools.Kinds[to.Kind];
            return (messages.Count, kind is IBatchKind several ? await several.SendAsync(messages, abandon) : await kind.SendAsync(messages[0], abandon));
        }
        catch (Exception e) when (!abandon.IsCancellationRequested)
        {
            return (messages.Count, Fault(e));
        }
    }

    private static AttemptResult Fault(Exception e) =>
        new(AttemptVerdict.Retry, null, $"The hub could not send it ({e.GetType().Name}).", null) { Cause = DeliveryCause.HubFault };

    /// <returns>Whether the delivery is at its end: arrived, or dead.</returns>
    private async Task<bool> RecordAsync(DueDelivery one, LaneDestination to, AttemptResult result, Dictionary<int, TimeSpan?>? waits)
    {
        var now = tools.Clock.GetUtcNow();
        var tries = one.Attempts - one.RoundStart + 1;
        TimeSpan? wait = null;
        if (result.Verdict == AttemptVerdict.Retry && !(waits?.TryGetValue(tries, out wait) ?? false))
        {
            wait = RetrySchedule.WaitAfter(to.RetryWaits, tries, result.RetryAfter, tools.Chance) ?? WaitAtEnd(to, now);
            if (waits is not null) waits[tries] = wait;
        }

        DateTimeOffset? next = result.Verdict switch
        {
            AttemptVerdict.Delivered => null,
            // Nobody is there to try again until somebody unpauses the destination.
            AttemptVerdict.Gone => now,
            _ => now + wait,
        };
        var record = new RecordAttempt(one.Id, one.Attempts, result, now, next) { AccountId = to.AccountId, Unwritten = one.Unwritten };
        await tools.Outcomes.SubmitWhenFreeAsync(record, CancellationToken.None);
        await record.Recorded;
        return next is null;
    }

    /// <summary>What follows the last attempt of the schedule, if anything does.</summary>
    private TimeSpan? WaitAtEnd(LaneDestination to, DateTimeOffset now)
    {
        // A probe of a breaker that is open says nothing about the delivery it happens to be: it gives up on none.
        if (pace.Health.Opened > 0) return RetrySchedule.Shake(ProbedAgainAfter, tools.Chance);
        // Who wrote a schedule means it.
        return to.RetryWaits is null ? RetrySchedule.WaitToEnd(now - pace.Health.FailingSince, tools.Chance) : null;
    }

    private void Settle()
    {
        while (ended.TryDequeue(out var one))
        {
            queue.Settle(one.Delivery.Id, one.Done, one.Written);
            // Nothing in the store waited for one that arrived at the first attempt. What others add is looked for now and then all the same.
            look |= !one.Done || one.Delivery.Unwritten is null || tools.Clock.GetElapsedTime(foundAt) > tools.Options.Poll;
            if (one.Fault is { } fault) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
            if (one.Result is not { } result) continue; // its batch's first speaks for it
            pace.Ended(result, tools.Clock.GetUtcNow());
            gone |= result.Verdict == AttemptVerdict.Gone;
        }
    }

    private async Task KeepAsync(CancellationToken abandon)
    {
        await Lanes.KeepAsync(lease.Lane, pace.Health, abandon);
        pace.Kept();
    }

    private async Task CloseAsync(string reason, CancellationToken abandon)
    {
        closed = true;
        queue.Clear();
        await Lanes.PauseAsync(lease.Lane, reason, abandon);
    }

    /// <summary>Waits for an attempt to end; also for the pace, and now and then to look for what became due meanwhile.</summary>
    private async Task WaitAsync(bool ending, CancellationToken abandon)
    {
        var now = tools.Clock.GetUtcNow();
        var wait = tools.Options.Poll;
        var paced = !ending && !Halted && queue.HasNext && queue.Sent < Limit;
        if (paced && pace.NotBefore - now < wait) wait = pace.NotBefore - now;
        await RestAsync(wait, abandon);
        abandon.ThrowIfCancellationRequested();
        if (ended.IsEmpty && !paced) look = true;
    }

    private async Task RestAsync(TimeSpan wait, CancellationToken ending)
    {
        if (wait > TimeSpan.Zero && ended.IsEmpty && !woken) await Work.EndsWithinAsync(signal.Task, wait, tools.Clock, ending);
        signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // who signalled before this is seen by the next step
    }

    /// <returns>Whether the lane was let go; false when there is something to do in it.</returns>
    private async Task<bool> LetGoAsync(CancellationToken stopping, CancellationToken abandon)
    {
        if (!ended.IsEmpty) return false;
        if (lost()) return true;
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

        if (pace.RestUntil is { } until)
        {
            await Lanes.RestAsync(lease, until, abandon);
            return true;
        }

        if (queue.Waiting > 0)
        {
            if (MayTakeMore()) return false;
            var now = tools.Clock.GetUtcNow();
            var next = GatherUntil is { } full && full > pace.NotBefore ? Earlier(full, now + batch!.Step) : pace.NotBefore;
            if (next - now <= HeldPauseMax)
            {
                await RestAsync(next - now, stopping);
                look |= batch is not null;
                return false;
            }

            await Lanes.RestAsync(lease, next, abandon);
            return true;
        }

        if (look) return false;
        if (pace.Health.Recovering)
        {
            pace.Drained();
            if (pace.Changed) await KeepAsync(abandon);
        }

        if (await Lanes.ReleaseAsync(lease, queue.Held.Written, abandon)) return true;
        look = true;
        return false;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private async Task DrainAsync()
    {
        while (queue.Sent > 0)
        {
            while (ended.TryDequeue(out var one)) queue.Settle(one.Delivery.Id, one.Done, one.Written);
            if (queue.Sent == 0) return;
            await signal.Task;
            signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
