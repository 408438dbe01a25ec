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

    /// <summary>Lanes whose pace is remembered at most; forgetting one makes it start anew from what the store knows.</summary>
    private const int PacesMax = 50_000;

    /// <summary>Lanes that sleep are not woken one by one when many are due at nearly the same time.</summary>
    private static readonly TimeSpan WakesApart = TimeSpan.FromMilliseconds(50);

    private readonly ILanes lanes;
    private readonly LaneTools tools;
    private readonly DelivererOptions options;
    private readonly TimeProvider clock;
    private readonly Action<Exception, string> fault;
    private readonly ConcurrentDictionary<long, LanePace> paces = new();
    private readonly ConcurrentDictionary<LaneLease, Task> active = new();
    private readonly ConcurrentDictionary<LaneLease, bool> lost = new();
    private readonly ConcurrentDictionary<long, LaneWork> works = new();
    private volatile TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool full;
    private long asleepUntil; // ticks: as far as is known here no lane that sleeps becomes due before
    private int held; // lanes, as their number is asked for often and counting them stops all others
    private long delivered;
    private long failed;

    /// <summary>A deliverer; <see cref="RunAsync"/> makes it work.</summary>
    /// <param name="lanes">The agenda.</param>
    /// <param name="outcomes">Records attempts.</param>
    /// <param name="kinds">What can be sent to.</param>
    /// <param name="body">Writes what is sent.</param>
    /// <param name="options">Limits.</param>
    /// <param name="chance">Shakes the waits; need not be safe for several threads.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="fault">Told of what went wrong on our side, and in what.</param>
    /// <param name="paused">Told of each destination that this deliverer has paused, and why; null to tell nobody.</param>
    public Deliverer(
        ILanes lanes,
        Journal<RecordAttempt> outcomes,
        IEnumerable<IDestinationKind> kinds,
        Func<DueDelivery, ReadOnlyMemory<byte>> body,
        DelivererOptions options,
        Random chance,
        TimeProvider clock,
        Action<Exception, string> fault,
        Action<LaneDestination, PauseReason>? paused = null)
    {
        (this.lanes, this.options, this.clock, this.fault) = (lanes, options, clock, fault);
        tools = new LaneTools(
            lanes, outcomes, kinds.ToDictionary(kind => kind.Kind), body, options, new Chance(chance), clock, () => Volatile.Read(ref held),
            paused ?? (static (_, _) => { }));
    }

    /// <summary>Lanes being worked on.</summary>
    public int Active => active.Count;

    /// <summary>Deliveries that arrived, since the start.</summary>
    public long Delivered => Interlocked.Read(ref delivered);

    /// <summary>Attempts that failed, since the start.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <summary>Something became due: look at once.</summary>
    public void Wake() => woken.TrySetResult();

    /// <summary>Something became due in these lanes: those that are worked on here look at once, whatever else they wait for.</summary>
    public void Wake(IReadOnlyCollection<long> due)
    {
        ArgumentNullException.ThrowIfNull(due);
        foreach (var lane in due)
        {
            if (works.TryGetValue(lane, out var work)) work.Look();
        }

        // Also those: they may have been let go just before.
        Wake();
    }

    /// <summary>
    /// Works until asked to stop, or a fault that it has no answer to; then lets attempts in flight end, within the grace, and lets all lanes go. May
    /// be run again after that.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var abandon = new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewing = RenewAsync(ending.Token);
        try
        {
            await ClaimAsync(renewing, ending.Token, abandon.Token);
        }
        finally
        {
            ending.Cancel();
            await Work.EndsWithinAsync(Task.WhenAll(active.Values), options.Grace, clock, CancellationToken.None);
            abandon.Cancel();
            await Task.WhenAll(active.Values);
            await renewing;
        }
    }

    /// <summary>Claims for as long as leases are renewed: whoever can't keep what he holds must not go on with it.</summary>
    private async Task ClaimAsync(Task renewing, CancellationToken stopping, CancellationToken abandon)
    {
        while (!stopping.IsCancellationRequested && !renewing.IsCompleted)
        {
            try
            {
                full = true; // a lane that ends during the claim wakes us all the same
                var free = options.LanesMax - active.Count;
                var claimed = free > 0 ? await lanes.ClaimAsync(Math.Min(free, 256), options.Lease, stopping) : [];
                foreach (var lease in claimed) Begin(lease, stopping, abandon);
                full = claimed.Count == free;
                if (claimed.Count > 0 && !full) continue;
                await LookAheadAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                fault(e, "claiming lanes");
                Interlocked.Exchange(ref asleepUntil, (clock.GetUtcNow() + options.Poll).UtcTicks); // not at once again
            }

            await RestAsync(stopping);
        }
    }

    private void Begin(LaneLease lease, CancellationToken stopping, CancellationToken abandon)
    {
        // The place is taken before the work begins, so that work which ends at once finds it and leaves it.
        active[lease] = Task.CompletedTask;
        active.TryUpdate(lease, Work.Start(() => WorkAsync(lease, stopping, abandon)), Task.CompletedTask);
    }

    /// <summary>Finds the lane that is due next: a wait of seconds must not become longer by the time between two looks at the agenda.</summary>
    private async Task LookAheadAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        if (now.UtcTicks < Interlocked.Read(ref asleepUntil)) return;
        var horizon = now + options.Poll;
        // First, so that what falls asleep during the look is not forgotten over it.
        Interlocked.Exchange(ref asleepUntil, horizon.UtcTicks);
        if (await lanes.NextAsync(horizon, stopping) is { } next) Expect(next);
    }

    /// <summary>A lane becomes due then.</summary>
    /// <returns>Whether that is sooner than any that was known of.</returns>
    private bool Expect(DateTimeOffset due)
    {
        while (Interlocked.Read(ref asleepUntil) is var known && due.UtcTicks < known)
        {
            if (Interlocked.CompareExchange(ref asleepUntil, due.UtcTicks, known) == known) return true;
        }

        return false;
    }

    private async Task RestAsync(CancellationToken stopping)
    {
        var rest = TimeSpan.FromTicks(Interlocked.Read(ref asleepUntil) - clock.GetUtcNow().UtcTicks);
        rest = rest < WakesApart ? WakesApart : rest < options.Poll ? rest : options.Poll;
        await Work.EndsWithinAsync(woken.Task, rest, clock, stopping);
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
        Interlocked.Increment(ref held);
        try
        {
            var pace = PaceOf(lease.Lane);
            using var work = new LaneWork(lease, pace, tools, () => lost.ContainsKey(lease), Count);
            works[lease.Lane] = work;
            try
            {
                await work.RunAsync(stopping, abandon);
            }
            finally
            {
                works.TryRemove(KeyValuePair.Create(lease.Lane, work));
            }

            if (pace.IsWell) paces.TryRemove(lease.Lane, out _);
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
            Interlocked.Decrement(ref held);
            active.TryRemove(lease, out _);
            lost.TryRemove(lease, out _);
            if (full) Wake(); // there may be more lanes than there were places
        }
    }

    private LanePace PaceOf(long lane)
    {
        if (paces.Count >= PacesMax) paces.Clear();
        return paces.GetOrAdd(lane, static (_, tools) => new LanePace(tools.Options, tools.Chance), tools);
    }

    private void Count(bool arrived, DateTimeOffset? again)
    {
        if (arrived) Interlocked.Increment(ref delivered);
        else Interlocked.Increment(ref failed);
        if (again is { } due && Expect(due)) Wake(); // rests longer than that
    }
}
