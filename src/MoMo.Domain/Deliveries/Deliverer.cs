using System.Collections.Concurrent;
using MoMo.Engine;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// Works on the lanes that are due: claims them, sends, records. Each lane is a task of its own with its own limit, so a receiver that is slow or
/// dead holds up nothing but its own lane. Talks to the outside, so it is no actor; everything it knows is in the agenda.
/// </summary>
public sealed class Deliverer
{
    private const ConfigureAwaitOptions Quietly = ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    private readonly ILanes lanes;
    private readonly Journal<RecordAttempt> outcomes;
    private readonly Dictionary<string, IDestinationKind> kinds;
    private readonly Func<DueDelivery, ReadOnlyMemory<byte>> body;
    private readonly DelivererOptions options;
    private readonly Func<int, TimeSpan?, TimeSpan?> schedule;
    private readonly TimeProvider clock;
    private readonly Action<Exception, string> fault;
    private readonly ConcurrentDictionary<LaneLease, Task> active = new();
    private readonly ConcurrentDictionary<LaneLease, bool> lost = new();
    private volatile TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long delivered;
    private long failed;

    /// <summary>A deliverer; <see cref="RunAsync"/> makes it work.</summary>
    /// <param name="lanes">The agenda.</param>
    /// <param name="outcomes">Records attempts.</param>
    /// <param name="kinds">What can be sent to.</param>
    /// <param name="body">Writes what is sent.</param>
    /// <param name="options">Limits.</param>
    /// <param name="schedule">How long to wait after so many attempts and what the receiver asked for; null when it was the last.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="fault">Told of what went wrong on our side, and in what.</param>
    public Deliverer(
        ILanes lanes,
        Journal<RecordAttempt> outcomes,
        IEnumerable<IDestinationKind> kinds,
        Func<DueDelivery, ReadOnlyMemory<byte>> body,
        DelivererOptions options,
        Func<int, TimeSpan?, TimeSpan?> schedule,
        TimeProvider clock,
        Action<Exception, string> fault)
    {
        (this.lanes, this.outcomes, this.body, this.options) = (lanes, outcomes, body, options);
        (this.schedule, this.clock, this.fault) = (schedule, clock, fault);
        this.kinds = kinds.ToDictionary(kind => kind.Kind);
    }

    /// <summary>Lanes being worked on.</summary>
    public int Active => active.Count;

    /// <summary>Deliveries that arrived, since the start.</summary>
    public long Delivered => Interlocked.Read(ref delivered);

    /// <summary>Attempts that failed, since the start.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <summary>Something became due: look at once.</summary>
    public void Wake() => woken.TrySetResult();

    /// <summary>Works until asked to stop; then lets attempts in flight end, within the grace, and lets all lanes go.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var abandon = new CancellationTokenSource();
        var renewing = RenewAsync(stopping);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var free = options.LanesMax - active.Count;
                var claimed = free > 0 ? await lanes.ClaimAsync(Math.Min(free, 256), options.Lease, stopping) : [];
                foreach (var lease in claimed) Begin(lease, stopping, abandon.Token);
                if (claimed.Count > 0 && claimed.Count < free) continue;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                fault(e, "claiming lanes");
            }

            await RestAsync(stopping);
        }

        await Work.EndsWithinAsync(Task.WhenAll(active.Values), options.Grace, clock, CancellationToken.None);
        abandon.Cancel();
        await Task.WhenAll(active.Values);
        await renewing;
    }

    private void Begin(LaneLease lease, CancellationToken stopping, CancellationToken abandon)
    {
        // The place is taken before the work begins, so that work which ends at once finds it and leaves it.
        active[lease] = Task.CompletedTask;
        active.TryUpdate(lease, Work.Start(() => WorkAsync(lease, stopping, abandon)), Task.CompletedTask);
    }

    private async Task RestAsync(CancellationToken stopping)
    {
        await Work.EndsWithinAsync(woken.Task, options.Poll, clock, stopping);
        woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // who woke us before this is seen by the next claim
    }

    private async Task RenewAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(options.Lease / 3, clock, stopping).ConfigureAwait(Quietly);
            var held = active.Keys.ToArray();
            if (held.Length == 0 || stopping.IsCancellationRequested) continue;
            try
            {
                var renewed = await lanes.RenewAsync(held, options.Lease, stopping);
                foreach (var lease in held.Except(renewed))
                {
                    // Not in the answer: another silo's now, or let go meanwhile; then nobody looks at this any more.
                    lost[lease] = true;
                    if (!active.ContainsKey(lease)) lost.TryRemove(lease, out _);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                fault(e, "renewing leases");
            }
        }
    }

    private async Task WorkAsync(LaneLease lease, CancellationToken stopping, CancellationToken abandon)
    {
        try
        {
            while (!lost.ContainsKey(lease))
            {
                if (stopping.IsCancellationRequested)
                {
                    await lanes.ParkAsync(lease, again: true, CancellationToken.None);
                    return;
                }

                if (await lanes.FindAsync(lease.Lane, abandon) is not { Paused: false } destination)
                {
                    await lanes.ParkAsync(lease, again: false, abandon);
                    return;
                }

                var due = await lanes.DueAsync(lease.Lane, options.PageMax, abandon);
                if (due.Count > 0) await SendAsync(lease, destination, due, abandon);
                else if (await lanes.ReleaseAsync(lease, abandon)) return;
            }
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            // Stopping: the lease runs out and another silo, or our next start, goes on.
        }
        catch (Exception e)
        {
            fault(e, $"lane {lease.Lane}");
            await Task.Delay(options.Poll, clock, stopping).ConfigureAwait(Quietly);
        }
        finally
        {
            active.TryRemove(lease, out _);
            lost.TryRemove(lease, out _);
        }
    }

    private Task SendAsync(LaneLease lease, LaneDestination destination, IReadOnlyList<DueDelivery> due, CancellationToken abandon) =>
        Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = options.LaneConcurrency, CancellationToken = abandon, TaskScheduler = TaskScheduler.Current },
            async (one, cancellation) =>
            {
                if (lost.ContainsKey(lease)) return;
                var result = await kinds[destination.Kind].SendAsync(
                    new DeliveryMessage(one.Id, destination.Url, destination.Secrets, body(one)), cancellation);
                await RecordAsync(one, result);
                if (result.Verdict == AttemptVerdict.Gone) await lanes.PauseAsync(destination.Lane, "The receiver answered 410 Gone.", cancellation);
            });

    private async Task RecordAsync(DueDelivery one, AttemptResult result)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? next = result.Verdict switch
        {
            AttemptVerdict.Delivered => null,
            // Nobody is there to try again until somebody unpauses the destination.
            AttemptVerdict.Gone => now,
            _ => schedule(one.Attempts + 1, result.RetryAfter) is { } wait ? now + wait : null,
        };
        var record = new RecordAttempt(one.Id, one.Attempts, result, now, next);
        await outcomes.SubmitWhenFreeAsync(record, CancellationToken.None);
        await record.Recorded;
        if (result.Verdict == AttemptVerdict.Delivered) Interlocked.Increment(ref delivered);
        else Interlocked.Increment(ref failed);
    }
}
