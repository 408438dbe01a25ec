using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Deliveries;

public sealed class LanePaceTests
{
    private static readonly AttemptResult Arrived = new(AttemptVerdict.Delivered, 200, null, null);
    private static readonly AttemptResult Failed = new(AttemptVerdict.Retry, 500, "no", null);
    private static readonly AttemptResult Busy = new(AttemptVerdict.Retry, 503, "busy", null);

    private readonly DelivererOptions options = new();
    private DateTimeOffset now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_breaker_opens_at_seventy_percent_of_ten_attempts_and_not_before()
    {
        var pace = Pace();
        for (var one = 0; one < 3; one++) pace.Ended(Arrived, now);
        for (var one = 0; one < 6; one++) pace.Ended(Failed, now);
        Assert.Null(pace.RestUntil);
        pace.Ended(Failed, now);
        Assert.InRange(pace.RestUntil!.Value - now, options.RestMin * 0.8, options.RestMin * 1.2);
        Assert.Equal((1, true), (pace.Health.Opened, pace.Changed));
    }

    [Fact]
    public void Attempts_of_long_ago_do_not_count()
    {
        var pace = Pace();
        for (var one = 0; one < 40; one++)
        {
            pace.Ended(Failed, now);
            now += TimeSpan.FromSeconds(4);
        }

        Assert.Null(pace.RestUntil);
    }

    [Fact]
    public void Probes_come_at_growing_distances_one_at_a_time_until_one_succeeds()
    {
        var pace = Pace();
        for (var one = 0; one < 10; one++) pace.Ended(Failed, now);
        List<double> rests = [];
        for (var probe = 0; probe < 8; probe++)
        {
            rests.Add((pace.RestUntil!.Value - now).TotalSeconds);
            now = pace.RestUntil.Value;
            pace.Begin();
            Assert.Equal(1, pace.Concurrency);
            pace.Ended(Failed, now);
        }

        for (var probe = 0; probe < rests.Count; probe++) Assert.InRange(rests[probe], 0.8 * Math.Min(30 << probe, 900), 1.2 * Math.Min(30 << probe, 900));
        now = pace.RestUntil!.Value;
        pace.Begin();
        pace.Ended(Arrived, now);
        Assert.Equal(new LaneHealth(null, 0, Recovering: true), pace.Health);
        Assert.Null(pace.RestUntil);
    }

    [Fact]
    public void Who_recovers_is_sent_to_at_a_bounded_rate_and_faster_only_step_by_step()
    {
        var pace = Pace(health: new(null, 1, false));
        pace.Begin();
        pace.Ended(Arrived, now);
        List<int> steps = [];
        for (var one = 0; one < 40; one++)
        {
            pace.Started(now);
            Assert.InRange((pace.NotBefore(now) - now).TotalMilliseconds, -100, 10);
            if (pace.NotBefore(now) > now) now = pace.NotBefore(now);
            pace.Ended(Arrived, now);
            steps.Add(pace.Concurrency);
        }

        Assert.Equal(1, steps[0]);
        Assert.Equal(8, steps[^1]);
        Assert.Equal(steps.Order(), steps);
        pace.Drained();
        Assert.Equal(LaneHealth.Well, pace.Health);
    }

    [Fact]
    public void Who_gets_more_each_second_than_the_first_rate_catches_up_all_the_same()
    {
        const int perSecond = 250;
        var pace = Pace(health: new(null, 1, false));
        pace.Begin();
        pace.Ended(Arrived, now);
        var (began, sent) = (now, 0);
        int Waiting() => 20_000 + (int)((now - began).TotalSeconds * perSecond) - sent;
        var peaks = new Dictionary<int, int>();
        while (Waiting() > 0 && pace.Health.Recovering)
        {
            if (pace.NotBefore(now) > now) now = pace.NotBefore(now);
            pace.Started(now);
            pace.Ended(Arrived, now);
            sent++;
            var half = (int)((now - began).TotalSeconds / 30);
            peaks[half] = peaks.GetValueOrDefault(half) + 1;
            Assert.True(now - began < TimeSpan.FromMinutes(10), $"{Waiting()} wait after ten minutes.");
        }

        Assert.InRange(peaks[0], 2_900, 3_100);
        Assert.InRange(peaks[1], 5_800, 6_200);
        Assert.InRange(now - began, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(4));
    }

    [Theory]
    [InlineData(0, null, 400, false)] // the rate is past what any lane does
    [InlineData(0, 40.0, 45, false)] // its own limit is below the first rate: nothing else limits it
    [InlineData(5, null, 400, true)] // each fifth fails
    [InlineData(1_000, null, 400, false)] // hardly any
    public void The_rate_of_catching_up_limits_nothing_once_it_is_past_all_others(int failsEach, double? rate, int seconds, bool recovering)
    {
        var pace = Pace(breaker: false, rate: rate, health: new(null, 0, true));
        var began = now;
        for (var one = 1; now - began < TimeSpan.FromSeconds(seconds) && pace.Health.Recovering; one++)
        {
            if (pace.NotBefore(now) > now) now = pace.NotBefore(now);
            pace.Started(now);
            pace.Ended(failsEach > 0 && one % failsEach == 0 ? Failed : Arrived, now);
        }

        Assert.Equal((recovering, !recovering), (pace.Health.Recovering, pace.Changed));
    }

    [Fact]
    public void Who_catches_up_and_says_that_it_is_too_much_gets_half_as_many()
    {
        var pace = Pace(breaker: false, health: new(null, 0, true));
        for (var began = now; now - began < TimeSpan.FromSeconds(70); now += TimeSpan.FromSeconds(1)) pace.Ended(Arrived, now);
        Assert.Equal(2.5, Gap(), 0.1); // 400 a second
        pace.Ended(Busy, now);
        for (var one = 0; one < 10; one++) pace.Ended(Arrived, now);
        Assert.Equal(5, Gap(), 0.1);

        double Gap()
        {
            for (var one = 0; one < 100; one++) pace.Started(now);
            return (pace.NotBefore(now) - now).TotalMilliseconds;
        }
    }

    [Fact]
    public void Who_is_overloaded_is_asked_less_and_gradually_more_again()
    {
        var pace = Pace(breaker: false);
        pace.Ended(Busy, now);
        Assert.Equal((1, now + TimeSpan.FromSeconds(1)), (pace.Concurrency, pace.NotBefore(now)));
        for (var one = 0; one < 10; one++) pace.Ended(Busy, now);
        Assert.Equal(now + TimeSpan.FromSeconds(30), pace.NotBefore(now));
        for (var one = 0; one < 60; one++) pace.Ended(Arrived, now);
        pace.Started(now);
        Assert.True(pace.NotBefore(now) <= now);
        Assert.Equal(8, pace.Concurrency);
    }

    [Theory]
    [InlineData(429, 60, 60)]
    [InlineData(503, 7, 7)]
    [InlineData(429, 100_000, 3_600)]
    [InlineData(500, 60, null)]
    [InlineData(429, null, null)]
    public void Who_is_asked_too_much_and_says_for_how_long_is_left_alone_until_then_but_not_for_days(int status, int? asked, int? rests)
    {
        var pace = Pace(breaker: false);
        pace.Ended(new AttemptResult(AttemptVerdict.Retry, status, "no", asked is { } wait ? TimeSpan.FromSeconds(wait) : null), now);
        Assert.Equal(rests is { } seconds ? now + TimeSpan.FromSeconds(seconds) : null, pace.RestUntil);
        Assert.Equal(0, pace.Health.Opened);

        // What was on its way and asks for less does not shorten it.
        pace.Ended(Busy with { RetryAfter = TimeSpan.FromSeconds(5) }, now);
        if (rests is > 5) Assert.Equal(now + TimeSpan.FromSeconds(rests.Value), pace.RestUntil);
        pace.Begin();
        Assert.Null(pace.RestUntil);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(500, false)]
    [InlineData(404, false)]
    [InlineData(null, false)]
    public void Only_who_says_that_it_is_too_much_is_slowed_down(int? status, bool slowed)
    {
        var pace = Pace(breaker: false);
        pace.Ended(new AttemptResult(AttemptVerdict.Retry, status, "no", null), now);
        Assert.Equal((slowed ? 1 : 8, slowed), (pace.Concurrency, pace.NotBefore(now) > now));
    }

    [Fact]
    public void A_rate_is_kept()
    {
        var pace = Pace(rate: 4);
        var began = now;
        for (var one = 0; one < 41; one++)
        {
            if (pace.NotBefore(now) > now) now = pace.NotBefore(now);
            pace.Started(now);
        }

        Assert.InRange((now - began).TotalSeconds, 9.8, 10.1);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(10.0)]
    [InlineData(null)]
    public void A_clock_that_is_set_back_stops_nothing_for_as_long(double? rate)
    {
        var pace = Pace(breaker: false, rate: rate);
        if (rate is null) pace.Ended(Busy, now);
        for (var one = 0; one < 20; one++)
        {
            pace.Started(now);
            now = pace.NotBefore(now);
        }

        now -= TimeSpan.FromHours(1);
        var gap = rate is { } perSecond ? TimeSpan.FromSeconds(1 / perSecond) : TimeSpan.FromSeconds(30);
        Assert.InRange(pace.NotBefore(now), now, now + gap);
        now = pace.NotBefore(now);
        pace.Started(now);
        Assert.InRange(pace.NotBefore(now), now, now + gap);
    }

    [Fact]
    public void Five_days_of_failure_are_hopeless()
    {
        var pace = Pace(health: new(now - TimeSpan.FromHours(119), 0, false));
        pace.Ended(Failed, now);
        Assert.False(pace.Hopeless);
        pace.Ended(Failed, now + TimeSpan.FromHours(1));
        Assert.True(pace.Hopeless);
        pace.Ended(Arrived, now + TimeSpan.FromHours(1));
        Assert.False(pace.Hopeless);
    }

    [Fact]
    public void A_failure_of_long_ago_is_forgotten_when_another_silo_has_seen_a_success_since()
    {
        var (here, there) = (Pace(), Pace());
        here.Ended(Failed, now);
        here.Leave();
        Assert.True(here.Changed);
        here.Kept();

        there.Begin();
        Meet(there, here.Health);
        there.Ended(Arrived, now);
        Assert.Equal((true, LaneHealth.Well), (there.Changed, there.Health));
        there.Kept();

        now += TimeSpan.FromHours(130);
        here.Begin();
        Meet(here, there.Health);
        here.Ended(Failed, now);
        Assert.Equal((false, now), (here.Hopeless, here.Health.FailingSince));
    }

    [Fact]
    public void What_fails_for_a_moment_is_told_to_the_store_only_when_the_lane_is_let_go()
    {
        var pace = Pace();
        pace.Ended(Failed, now);
        var since = now;
        Meet(pace, LaneHealth.Well); // the settings are looked at again
        Assert.Equal((false, since), (pace.Changed, pace.Health.FailingSince));
        pace.Ended(Arrived, now);
        pace.Leave();
        Assert.False(pace.Changed);
        pace.Ended(Failed, now);
        pace.Ended(Failed, now + TimeSpan.FromMinutes(1));
        Assert.True(pace.Changed);
        pace.Kept();
        pace.Ended(Failed, now + TimeSpan.FromMinutes(2));
        pace.Leave();
        Assert.Equal((false, since), (pace.Changed, pace.Health.FailingSince));
    }

    [Fact]
    public void A_fault_of_the_hub_is_not_held_against_the_receiver()
    {
        var pace = Pace();
        for (var hour = 0; hour <= 130; hour++, now += TimeSpan.FromHours(1))
            for (var one = 0; one < 20; one++) pace.Ended(Failed with { Cause = DeliveryCause.HubFault }, now);
        Assert.Equal((null, LaneHealth.Well, false), (pace.RestUntil, pace.Health, pace.Hopeless));
    }

    [Fact]
    public void While_the_hub_itself_lacks_something_a_lane_tries_little_of_what_waits()
    {
        var pace = Pace();
        for (var one = 0; one < 10; one++) pace.Ended(Failed with { Cause = DeliveryCause.HubFault }, now);
        Assert.Equal((now + TimeSpan.FromSeconds(30), 8), (pace.NotBefore(now), pace.Concurrency));
        for (var one = 0; one < 12; one++) pace.Ended(Arrived, now);
        pace.Started(now);
        Assert.True(pace.NotBefore(now) <= now);
    }

    private LanePace Pace(bool breaker = true, double? rate = null, LaneHealth? health = null)
    {
        var pace = new LanePace(options, new Random(7));
        Meet(pace, health ?? LaneHealth.Well, breaker, rate);
        return pace;
    }

    private static void Meet(LanePace pace, LaneHealth health, bool breaker = true, double? rate = null) => pace.Meet(
        new LaneDestination(1, "a0", "webhook", new Uri("http://a.example"), [], false) { Breaker = breaker, RatePerSecond = rate, Health = health });
}
