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
    private readonly ConcurrentDictionary<LaneLease, HeldLane> active = new();
    private readonly ConcurrentDictionary<long, HeldLane> works = new(); // the one that works on a lane, of those that hold it or held it before
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
            if (works.TryGetValue(lane, out var one)) one.Work?.Look();
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
        using var claiming = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var holding = new CancellationTokenSource();
        var renewing = RenewAsync(holding.Token);
        try
        {
            await ClaimAsync(renewing, claiming.Token, abandon.Token);
        }
        finally
        {
            claiming.Cancel();
            // Leases are renewed until the last attempt in flight has ended: else another silo would send it, too.
            await Work.EndsWithinAsync(WhenAllEnded(), options.Grace, clock, CancellationToken.None);
            abandon.Cancel();
            await WhenAllEnded();
            holding.Cancel();
            await renewing;
        }

        Task WhenAllEnded() => Task.WhenAll(active.Values.Select(one => one.Ended));
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
                var claimedAt = clock.GetTimestamp(); // before: the lease is counted from then
                var claimed = free > 0 ? await lanes.ClaimAsync(Math.Min(free, 256), options.Lease, stopping) : [];
                foreach (var lease in claimed) Begin(new HeldLane(lease, claimedAt), stopping, abandon);
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

    private void Begin(HeldLane one, CancellationToken stopping, CancellationToken abandon)
    {
        // The place is taken before the work begins, so that work which ends at once finds it and leaves it.
        active[one.Lease] = one;
        one.Ended = Work.Start(() => WorkAsync(one, stopping, abandon));
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
                var renewedAt = clock.GetTimestamp();
                var renewed = (await lanes.RenewAsync(held, options.Lease, stopping)).ToHashSet();
                foreach (var lease in held)
                {
                    // Not in the answer: another silo's now, or let go meanwhile; then nobody looks at this any more.
                    if (!active.TryGetValue(lease, out var one)) continue;
                    if (renewed.Contains(lease)) one.Confirm(renewedAt);
                    else one.Lose();
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

    private async Task WorkAsync(HeldLane one, CancellationToken stopping, CancellationToken abandon)
    {
        var lane = one.Lease.Lane;
        Interlocked.Increment(ref held);
        try
        {
            await FollowAsync(one);
            var pace = PaceOf(lane);
            using (one.Work = new LaneWork(one.Lease, pace, tools, () => one.IsLost(options.Lease, clock), Count)) await one.Work.RunAsync(stopping, abandon);
            if (pace.IsWell) paces.TryRemove(lane, out _);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            // Stopping: the lease runs out and another silo, or our next start, goes on.
        }
        catch (Exception e)
        {
            fault(e, $"lane {lane}");
            await Task.Delay(options.Poll, clock, stopping).ConfigureAwait(Quietly);
        }
        finally
        {
            works.TryRemove(KeyValuePair.Create(lane, one));
            Interlocked.Decrement(ref held);
            active.TryRemove(one.Lease, out _);
            if (full) Wake(); // there may be more lanes than there were places
        }
    }

    /// <summary>
    /// Takes the lane over from work of our own whose lease ran out, as it does while the process is stopped: nobody may send beside it, in an order that it
    /// does not know.
    /// </summary>
    private async Task FollowAsync(HeldLane one)
    {
        while (works.GetOrAdd(one.Lease.Lane, one) is var before && before != one)
        {
            if (before.Lease.Number > one.Lease.Number)
            {
                one.Lose(); // the lane was claimed once more while this one waited
                return;
            }

            before.Lose();
            before.Work?.Look();
            await before.Ended;
            works.TryRemove(KeyValuePair.Create(one.Lease.Lane, before));
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
