namespace MoMo.Domain.Deliveries;

/// <summary>
/// How fast a lane may go: its limits, what its receiver can bear, and whether its breaker is open. Remembered while the lane is let go, unless all
/// is well; what other silos must know is in <see cref="Health"/>. Used by one lane's work at a time.
/// </summary>
internal sealed class LanePace(DelivererOptions options, Random chance)
{
    private const int SuccessesForOneMore = 4;
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseNone = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KeptAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FasterAfter = TimeSpan.FromSeconds(30);

    /// <summary>At so many attempts each second a lane that catches up is limited by nothing but what it can do.</summary>
    private const int CatchUpEnd = 5_000;

    /// <summary>The share of failures, in percent, at which a lane that catches up does not go faster.</summary>
    private const int FasterPercent = 10;

    /// <summary>
    /// The longest that a lane rests because its receiver asked for it. One delivery waits for as long as was asked, up to a day; all others must not
    /// wait for a slip of the pen.
    /// </summary>
    private static readonly TimeSpan AskedMax = TimeSpan.FromHours(1);

    private readonly FailureWindow window = new();
    private int concurrencyMax = options.LaneConcurrency;
    private double? rateMax;
    private bool breaker = true;
    private TimeSpan pause;
    private int successes;
    private double catchUp = options.CatchUpPerSecond;
    private DateTimeOffset? fasterAt; // when it may catch up faster, unless too much fails until then
    private bool sinceKept; // the store knows since when it fails
    private DateTimeOffset slot = DateTimeOffset.MinValue;
    private TimeSpan slotGap; // between the slot and the attempt that it follows

    /// <summary>How the lane fares.</summary>
    public LaneHealth Health { get; private set; } = LaneHealth.Well;

    /// <summary>Attempts that may be in flight now.</summary>
    public int Concurrency { get; private set; } = options.LaneConcurrency;

    /// <summary>
    /// No attempt before this. Never farther away than the gap that is kept, whatever was done to the clock since: one that was set back must not stop a lane
    /// for as long.
    /// </summary>
    /// <param name="now">The time.</param>
    public DateTimeOffset NotBefore(DateTimeOffset now)
    {
        if (slot > now + slotGap) slot = now + slotGap;
        return slot;
    }

    /// <summary>Until when nothing is sent, because the breaker opened or the receiver asked for it; null when neither is so.</summary>
    public DateTimeOffset? RestUntil { get; private set; }

    /// <summary>When that was found.</summary>
    public DateTimeOffset RestSince { get; private set; }

    /// <summary>The hub gives up on the destination: it failed for days.</summary>
    public bool Hopeless { get; private set; }

    /// <summary>What is remembered in the store differs from <see cref="Health"/>.</summary>
    public bool Changed { get; private set; }

    /// <summary>Nothing about it needs to be remembered in memory.</summary>
    public bool IsWell => Health == LaneHealth.Well && pause == TimeSpan.Zero && Concurrency == concurrencyMax && rateMax is null;

    private bool Probing => Health.Opened > 0;

    /// <summary>The settings and the health of the lane as they are stored now.</summary>
    public void Meet(LaneDestination destination)
    {
        var limit = Math.Clamp(destination.ConcurrencyMax ?? options.LaneConcurrency, 1, 64);
        if (limit != concurrencyMax)
        {
            Concurrency = Concurrency == concurrencyMax ? limit : Math.Min(Concurrency, limit);
            concurrencyMax = limit;
        }

        (rateMax, breaker) = (destination.RatePerSecond, destination.Breaker);
        if (Changed) return;
        // What fails for less than a minute is only in memory, until the lane is let go. What the store knew and knows no longer has ended elsewhere.
        var recovers = destination.Health.Recovering && !Health.Recovering;
        Health = destination.Health with { FailingSince = destination.Health.FailingSince ?? (recovers || sinceKept ? null : Health.FailingSince) };
        sinceKept = destination.Health.FailingSince is not null;
        if (Probing || recovers) Concurrency = 1;
        if (recovers) SlowDown();
    }

    /// <summary>
    /// The lane was claimed again: a rest is over. Since when it fails only the store knows, as another silo may have had it meanwhile, and success.
    /// </summary>
    public void Begin() => (RestUntil, Changed, Hopeless, sinceKept) = (null, false, false, true);

    /// <summary>The lane is let go: whoever has it next, another silo perhaps, must know since when it fails.</summary>
    public void Leave() => Changed |= Health.FailingSince is not null && !sinceKept;

    /// <summary>Its destination is paused: whoever lets it go on wants it tried anew.</summary>
    public void Forget()
    {
        window.Clear();
        (Health, Changed, sinceKept, Hopeless, RestUntil) = (LaneHealth.Well, false, false, false, null);
        (Concurrency, pause, successes, slot) = (concurrencyMax, TimeSpan.Zero, 0, DateTimeOffset.MinValue);
        SlowDown();
    }

    /// <summary>An attempt begins.</summary>
    public void Started(DateTimeOffset now)
    {
        var rate = Health.Recovering ? Math.Min(rateMax ?? double.MaxValue, catchUp) : rateMax;
        if (rate is not { } perSecond && pause == TimeSpan.Zero) return;
        var gap = rate is { } limit ? TimeSpan.FromSeconds(1 / limit) : TimeSpan.Zero;
        if (gap < pause) gap = pause;
        // A lane that could not be looked at in time may make up for a tenth of a second, not more.
        var from = now - TimeSpan.FromMilliseconds(100);
        (slot, slotGap) = ((pause > TimeSpan.Zero ? now : slot > from ? slot : from) + gap, gap);
    }

    /// <summary>An attempt ended.</summary>
    public void Ended(AttemptResult result, DateTimeOffset now)
    {
        var failed = result.Verdict != AttemptVerdict.Delivered;
        if (result.Cause == DeliveryCause.HubFault)
        {
            // Nothing against the receiver. But what we lack, a mail server perhaps, is not found sooner by trying all that waits.
            Slow(now);
            return;
        }

        window.Add(failed, now);
        if (failed) Fail(result, now);
        else Succeed(now);
    }

    /// <summary>Nothing more is due, or nothing limits it any more: it has caught up.</summary>
    public void Drained()
    {
        if (Health is not { Recovering: true, Opened: 0 }) return;
        Keep(Health with { Recovering = false });
        Concurrency = concurrencyMax;
    }

    /// <summary>The store knows it now.</summary>
    public void Kept() => (Changed, sinceKept) = (false, Health.FailingSince is not null);

    private void Succeed(DateTimeOffset now)
    {
        Hopeless = false;
        if (Probing)
        {
            window.Clear();
            Keep(new LaneHealth(null, 0, Recovering: true));
            (Concurrency, RestUntil) = (1, null);
            SlowDown();
        }
        else if (Health.FailingSince is not null)
        {
            Health = Health with { FailingSince = null };
            Changed |= sinceKept;
        }

        if (Health.Recovering) CatchUp(now);
        if (pause > TimeSpan.Zero)
        {
            pause = pause > PauseNone ? pause / 2 : TimeSpan.Zero;
            if (pause <= PauseNone) pause = TimeSpan.Zero;
            (slot, slotGap) = (now + pause, pause);
        }
        else if (Concurrency < concurrencyMax && ++successes >= SuccessesForOneMore)
        {
            Concurrency++;
            successes = 0;
        }
    }

    private void Fail(AttemptResult result, DateTimeOffset now)
    {
        successes = 0;
        var since = Health.FailingSince ?? now;
        Health = Health with { FailingSince = since };
        if (!sinceKept && now - since >= KeptAfter) Changed = true;
        Hopeless = now - since >= options.FailingMax;
        if (result.Overloaded)
        {
            Concurrency = 1;
            Slow(now);
            (catchUp, fasterAt) = (Math.Max(catchUp / 2, options.CatchUpPerSecond), now + FasterAfter);
        }

        if (breaker && RestUntil is null && (Probing || window.IsBad(options.BreakerAttemptsMin, options.BreakerPercent, now))) Open(now);
        if (result is { Overloaded: true, RetryAfter: { } wait } && wait > pause) RestAsAsked(now, now + (wait < AskedMax ? wait : AskedMax));
    }

    /// <summary>
    /// Twice as fast after each half minute that went well: what comes meanwhile may be more than the rate at first, and then the lane would never be done.
    /// </summary>
    private void CatchUp(DateTimeOffset now)
    {
        fasterAt ??= now + FasterAfter;
        if (now < fasterAt) return;
        fasterAt = now + FasterAfter;
        if (!window.IsBad(1, FasterPercent, now)) catchUp *= 2;
        if (catchUp >= Math.Min(rateMax ?? CatchUpEnd, CatchUpEnd)) Keep(Health with { Recovering = false });
    }

    private void SlowDown() => (catchUp, fasterAt) = (options.CatchUpPerSecond, null);

    private void Slow(DateTimeOffset now)
    {
        pause = pause == TimeSpan.Zero ? PauseMin : pause * 2 < PauseMax ? pause * 2 : PauseMax;
        (slot, slotGap) = (now + pause, pause);
    }

    private void Open(DateTimeOffset now)
    {
        var rest = options.RestMin * Math.Pow(2, Math.Min(Health.Opened, 20));
        RestSince = now;
        RestUntil = now + RetrySchedule.Shake(rest < options.RestMax ? rest : options.RestMax, chance);
        Keep(Health with { Opened = Health.Opened + 1, Recovering = false });
        Concurrency = 1;
    }

    /// <summary>What else is due would meet the same answer: all of the lane waits, whichever silo has it next.</summary>
    private void RestAsAsked(DateTimeOffset now, DateTimeOffset until)
    {
        if (!(RestUntil > until)) (RestSince, RestUntil) = (now, until);
    }

    private void Keep(LaneHealth health) => (Health, Changed) = (health, true);
}
