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

    private readonly LaneQueue queue = new();
    private readonly ConcurrentQueue<(DueDelivery Delivery, AttemptResult? Result, bool Done, Exception? Fault)> ended = new();
    private volatile TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LaneDestination? destination;
    private bool closed; // paused, or removed
    private bool gone;
    private bool look = true; // something may have become due since the store was last asked

    private ILanes Lanes => tools.Lanes;

    private bool Halted => closed || pace.RestUntil is not null;

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
        if (pace.Changed) await KeepAsync(abandon);
        if ((gone || pace.Hopeless) && !closed) await CloseAsync(gone ? LaneTools.PausedAsGone : LaneTools.PausedAsFailing, abandon);
        var ending = stopping.IsCancellationRequested || lost();
        if (!ending && !Halted && MayTakeMore()) await TakeAsync(abandon);
        if (!ending && !Halted) Send(abandon);
        if (queue.Sent > 0)
        {
            await WaitAsync(ending, abandon);
            return false;
        }

        return await LetGoAsync(stopping, abandon);
    }

    private bool MayTakeMore() =>
        look && !queue.HasNext && queue.Sent < Limit && queue.Waiting < 4 * tools.Options.PageMax;

    private int Limit => destination?.Order == DeliveryOrder.Account ? 1 : pace.Concurrency;

    private async Task TakeAsync(CancellationToken abandon)
    {
        look = false;
        var found = await Lanes.FindAsync(lease.Lane, abandon);
        if (found is not { Paused: false })
        {
            closed = true;
            return;
        }

        // What waits in memory was taken in the order of before.
        if (destination is not null && destination.Order != found.Order) queue.Clear();
        destination = found;
        pace.Meet(found);
        var due = await Lanes.DueAsync(lease.Lane, found.Order, tools.Options.PageMax, queue.Ids, abandon);
        queue.Add(due, found.Order);
        look = due.Count >= tools.Options.PageMax / 2; // else there is nothing more until something ends or comes
    }

    private void Send(CancellationToken abandon)
    {
        var now = tools.Clock.GetUtcNow();
        while (queue.Sent < Limit && pace.NotBefore <= now && queue.Take() is { } one)
        {
            pace.Started(now);
            _ = Work.Start(() => SendAsync(one, destination!, abandon));
        }
    }

    private async Task SendAsync(DueDelivery one, LaneDestination to, CancellationToken abandon)
    {
        try
        {
            var began = tools.Clock.GetTimestamp();
            var result = await TryAsync(one, to, abandon);
            result = result with { Duration = tools.Clock.GetElapsedTime(began) };
            var done = await RecordAsync(one, to, result);
            counted(result.Verdict == AttemptVerdict.Delivered);
            ended.Enqueue((one, result, done, null));
        }
        catch (Exception e)
        {
            ended.Enqueue((one, null, false, e));
        }

        signal.TrySetResult();
    }

    private async Task<AttemptResult> TryAsync(DueDelivery one, LaneDestination to, CancellationToken abandon)
    {
        try
        {
            var message = new DeliveryMessage(one.Id, to.Url, to.Secrets, tools.Body(one)) { Seeds = to.Seeds, Due = one };
            return await tools.Kinds[to.Kind].SendAsync(message, abandon);
        }
        catch (Exception e) when (!abandon.IsCancellationRequested)
        {
            // One payment that can't be written must not stop the others of its lane.
            return new AttemptResult(AttemptVerdict.Retry, null, $"The hub could not send it ({e.GetType().Name}).", null) { Cause = DeliveryCause.HubFault };
        }
    }

    /// <returns>Whether the delivery is at its end: arrived, or dead.</returns>
    private async Task<bool> RecordAsync(DueDelivery one, LaneDestination to, AttemptResult result)
    {
        var now = tools.Clock.GetUtcNow();
        DateTimeOffset? next = result.Verdict switch
        {
            AttemptVerdict.Delivered => null,
            // Nobody is there to try again until somebody unpauses the destination.
            AttemptVerdict.Gone => now,
            _ => RetrySchedule.WaitAfter(to.RetryWaits, one.Attempts - one.RoundStart + 1, result.RetryAfter, tools.Chance) is { } wait ? now + wait : null,
        };
        var record = new RecordAttempt(one.Id, one.Attempts, result, now, next) { AccountId = to.AccountId };
        await tools.Outcomes.SubmitWhenFreeAsync(record, CancellationToken.None);
        await record.Recorded;
        return next is null;
    }

    private void Settle()
    {
        while (ended.TryDequeue(out var one))
        {
            queue.Settle(one.Delivery.Id, one.Done);
            look = true;
            if (one.Fault is { } fault) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
            pace.Ended(one.Result!, tools.Clock.GetUtcNow());
            gone |= one.Result!.Verdict == AttemptVerdict.Gone;
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
        if (wait > TimeSpan.Zero && ended.IsEmpty) await Work.EndsWithinAsync(signal.Task, wait, tools.Clock, ending);
        signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // who signalled before this is seen by the next step
    }

    /// <returns>Whether the lane was let go; false when there is something to do in it.</returns>
    private async Task<bool> LetGoAsync(CancellationToken stopping, CancellationToken abandon)
    {
        if (!ended.IsEmpty) return false;
        if (lost()) return true;
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
            var pause = pace.NotBefore - tools.Clock.GetUtcNow();
            if (pause <= HeldPauseMax)
            {
                await RestAsync(pause, stopping);
                return false;
            }

            await Lanes.RestAsync(lease, pace.NotBefore, abandon);
            return true;
        }

        if (look) return false;
        if (pace.Health.Recovering)
        {
            pace.Drained();
            if (pace.Changed) await KeepAsync(abandon);
        }

        if (await Lanes.ReleaseAsync(lease, abandon)) return true;
        look = true;
        return false;
    }

    private async Task DrainAsync()
    {
        while (queue.Sent > 0)
        {
            while (ended.TryDequeue(out var one)) queue.Settle(one.Delivery.Id, one.Done);
            if (queue.Sent == 0) return;
            await signal.Task;
            signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
