using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MoMo.Engine;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// The attempts of one lane: each is sent, then recorded, and has ended when the store knows what came of it, or nobody can tell it. Whoever begins one
/// gets each of its deliveries back once, with a signal.
/// </summary>
/// <param name="pace">How the lane fares.</param>
/// <param name="tools">What all lanes share.</param>
/// <param name="signal">Given when one has ended.</param>
/// <param name="lost">Whether the lane may be another silo's by now.</param>
/// <param name="counted">Told of each delivery that was tried, whether it arrived, and when it is tried again.</param>
internal sealed class LaneAttempts(LanePace pace, LaneTools tools, LaneSignal signal, Func<bool> lost, Action<bool, DateTimeOffset?> counted)
{
    /// <summary>When a delivery that has had all its attempts is due again while its lane's breaker is open.</summary>
    private static readonly TimeSpan ProbedAgainAfter = TimeSpan.FromHours(1);

    private readonly ConcurrentQueue<EndedDelivery> ended = new();

    /// <summary>Whether some have ended that were not taken yet.</summary>
    public bool HaveEnded => !ended.IsEmpty;

    /// <summary>Takes one that has ended.</summary>
    public bool TryTake([NotNullWhen(true)] out EndedDelivery? one) => ended.TryDequeue(out one);

    /// <summary>Sends one; returns when it is on its way.</summary>
    public void Begin(DueDelivery one, LaneDestination to, CancellationToken abandon) => _ = SendAsync(one, to, abandon);

    /// <summary>Sends several together; returns when they are on their way.</summary>
    /// <param name="all">At least one, by their numbers.</param>
    /// <param name="to">Of a kind that takes several.</param>
    /// <param name="abandon">Ends the attempt.</param>
    public void Begin(IReadOnlyList<DueDelivery> all, LaneDestination to, CancellationToken abandon) => _ = SendAsync(all, to, abandon);

    private async Task SendAsync(DueDelivery one, LaneDestination to, CancellationToken abandon)
    {
        try
        {
            var began = tools.Clock.GetTimestamp();
            AttemptResult result;
            try
            {
                result = await tools.Kinds[to.Kind].SendAsync(Message(one, to), abandon);
            }
            catch (Exception e) when (!abandon.IsCancellationRequested)
            {
                result = Fault(e);
            }

            result = result with { Duration = tools.Clock.GetElapsedTime(began) };
            // Not waited for: who writes the record tells the lane.
            await SubmitAsync(one, to, result, result.Verdict == AttemptVerdict.Retry ? WaitAfter(one, to, result) : null, (record, fault) =>
            {
                if (fault is null) counted(record.Arrived, record.NextDue);
                End(fault is null ? new(one, record.Result, record.Arrived, Written: true) { Version = to.Version } : Faulted(one, fault));
            });
        }
        catch (Exception e)
        {
            End(Faulted(one, e));
        }
    }

    private async Task SendAsync(IReadOnlyList<DueDelivery> all, LaneDestination to, CancellationToken abandon)
    {
        try
        {
            var asked = tools.Clock.GetTimestamp();
            using var turn = await ((IBatchKind)tools.Kinds[to.Kind]).TurnAsync(to, abandon);
            if (tools.Clock.GetElapsedTime(asked) > LaneWork.FoundFor && !await IsAsItWasAsync(to, abandon))
            {
                // Not tried: whoever looks again finds where they go now.
                foreach (var one in all) ended.Enqueue(new(one, null, Arrived: false, Written: false));
                signal.Give();
                return;
            }

            var began = tools.Clock.GetTimestamp();
            var (count, result) = await TryAsync(all, to, abandon);
            result = result with { Duration = tools.Clock.GetElapsedTime(began) };
            // What failed together is tried again together. The first is recorded before the others: a batch is known by its first, so whatever is
            // left of it after a crash must never come under the name of one whose other parts are told already.
            var waits = new Dictionary<(int, DateTimeOffset?), TimeSpan?>();
            var first = await RecordAsync(all[0], to, result, waits);
            bool[] arrived = [first, .. await Task.WhenAll(all.Take(count).Skip(1).Select(one => RecordAsync(one, to, result, waits)))];
            for (var place = 0; place < all.Count; place++)
            {
                if (place < count) counted(result.Verdict == AttemptVerdict.Delivered, null);
                ended.Enqueue(new(all[place], place == 0 ? result : null, place < count && arrived[place], place < count) { Version = to.Version });
            }
        }
        catch (Exception e)
        {
            foreach (var one in all) ended.Enqueue(Faulted(one, e));
        }

        signal.Give();
    }

    /// <summary>While a batch waited for its turn, somebody may have paused or changed its destination, or taken the lane over.</summary>
    private async Task<bool> IsAsItWasAsync(LaneDestination to, CancellationToken abandon) =>
        await tools.Lanes.FindAsync(to.Lane, abandon) is { Paused: false } now && now.Version == to.Version && !lost();

    /// <returns>How many of them were tried, at least one, and what came of it.</returns>
    private async Task<(int Count, AttemptResult Result)> TryAsync(IReadOnlyList<DueDelivery> all, LaneDestination to, CancellationToken abandon)
    {
        List<DeliveryMessage> messages = [];
        try
        {
            foreach (var one in all) messages.Add(Message(one, to));
        }
        catch (Exception e)
        {
            // One payment that can't be written must not stop the others of its lane: those before it go, and then it fails alone.
            if (messages.Count == 0) return (1, Fault(e));
        }

        try
        {
            return (messages.Count, await ((IBatchKind)tools.Kinds[to.Kind]).SendAsync(messages, abandon));
        }
        catch (Exception e) when (!abandon.IsCancellationRequested)
        {
            return (messages.Count, Fault(e));
        }
    }

    private DeliveryMessage Message(DueDelivery one, LaneDestination to) =>
        new(one.Id, to.Url, to.Secrets, tools.Body(one)) { Seeds = to.Seeds, Due = one, To = to };

    private static AttemptResult Fault(Exception e) =>
        new(AttemptVerdict.Retry, null, $"The hub could not send it ({e.GetType().Name}).", null) { Cause = DeliveryCause.HubFault };

    /// <returns>Whether the delivery arrived.</returns>
    private async Task<bool> RecordAsync(DueDelivery one, LaneDestination to, AttemptResult result, Dictionary<(int Tries, DateTimeOffset? Since), TimeSpan?> waits)
    {
        TimeSpan? wait = null;
        if (result.Verdict == AttemptVerdict.Retry && !waits.TryGetValue((Tries(one), one.TriedSince), out wait))
            wait = waits[(Tries(one), one.TriedSince)] = WaitAfter(one, to, result);
        var recorded = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SubmitAsync(one, to, result, wait, (record, fault) =>
        {
            if (fault is null) recorded.TrySetResult(record.Arrived);
            else recorded.TrySetException(fault);
        });
        return await recorded.Task;
    }

    /// <summary>Puts what came of an attempt into the journal.</summary>
    /// <param name="one">The delivery.</param>
    /// <param name="to">Where to.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="wait">Until the next attempt; null for none.</param>
    /// <param name="ended"><see cref="RecordAttempt.Ended"/>.</param>
    private ValueTask SubmitAsync(DueDelivery one, LaneDestination to, AttemptResult result, TimeSpan? wait, Action<RecordAttempt, Exception?> ended)
    {
        var fit = result.Fit();
        return PutAsync(one, to, fit, wait, (record, fault) =>
        {
            // What the store refuses was tried all the same: it is counted, and tried again on its schedule, in words that nobody can refuse.
            if (fault is TurnPoisonedException) _ = PutPlainAsync(record, one, to, wait, ended);
            else ended(record, fault);
        });
    }

    private async Task PutPlainAsync(RecordAttempt refused, DueDelivery one, LaneDestination to, TimeSpan? wait, Action<RecordAttempt, Exception?> ended)
    {
        try
        {
            await PutAsync(one, to, refused.Result.Plain(), wait, ended);
        }
        catch (Exception e)
        {
            ended(refused, e); // the journal takes no more
        }
    }

    private ValueTask PutAsync(DueDelivery one, LaneDestination to, AttemptResult result, TimeSpan? wait, Action<RecordAttempt, Exception?> ended)
    {
        var now = tools.Clock.GetUtcNow();
        DateTimeOffset? next = result.Verdict switch
        {
            AttemptVerdict.Delivered => null,
            // Nobody is there to try again until somebody unpauses the destination.
            AttemptVerdict.Gone => now,
            _ => now + wait,
        };
        var record = new RecordAttempt(one.Id, one.Attempts, result, now, next)
        {
            AccountId = to.AccountId, DestinationId = to.Id, PaymentId = one.Payment?.Id, Unwritten = one.Unwritten,
            DueBefore = one.DueAt, Ended = ended,
        };
        return tools.Outcomes.SubmitWhenFreeAsync(record, CancellationToken.None);
    }

    /// <summary>Attempts of its round, this one included.</summary>
    private static int Tries(DueDelivery one) => one.Attempts - one.RoundStart + 1;

    /// <returns>Null after the last.</returns>
    private TimeSpan? WaitAfter(DueDelivery one, LaneDestination to, AttemptResult result) =>
        RetrySchedule.WaitAfter(to.RetryWaits, Tries(one), result.RetryAfter, tools.Chance) ?? WaitAtEnd(one, to);

    /// <summary>What follows the last attempt of the schedule, if anything does.</summary>
    private TimeSpan? WaitAtEnd(DueDelivery one, LaneDestination to)
    {
        // A probe of a breaker that is open says nothing about the delivery it happens to be: it gives up on none.
        if (pace.Health.Opened > 0) return RetrySchedule.Shake(ProbedAgainAfter, tools.Chance);
        // Who wrote a schedule means it.
        if (to.RetryWaits is not null || pace.Health.FailingSince is not { } since) return null;
        // One that was tried for all of it has had its chance, since whenever the others fail.
        if (one.TriedSince < since) since = one.TriedSince.Value;
        return RetrySchedule.WaitToEnd(tools.Clock.GetUtcNow() - since, tools.Chance);
    }

    private static EndedDelivery Faulted(DueDelivery one, Exception fault) => new(one, null, Arrived: false, Written: false) { Fault = fault };

    private void End(EndedDelivery one)
    {
        ended.Enqueue(one);
        signal.Give();
    }
}
