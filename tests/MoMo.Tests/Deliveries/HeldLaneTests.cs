using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Management;
using MoMo.Tests.Support;

namespace MoMo.Tests.Deliveries;

/// <summary>What a silo does with a lane whose lease ran out while it worked on it, and with a destination that changed under its hands.</summary>
public sealed class HeldLaneTests
{
    private const string RunOut = "UPDATE agenda SET leased_until = '-infinity', due_at = '2000-01-01' WHERE kind = 'lane'";

    [Fact]
    public async Task A_lane_that_is_claimed_again_is_not_worked_on_twice()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1", "r");
        var first = await rig.Receiver.NextAsync();
        // As after a standstill of the process: the agenda has the lane free, and this very silo claims it before it asks about its leases.
        await Sql.DoAsync(rig.Database.AppConnectionString, RunOut);
        await rig.PayAsync("R2", "r");
        await Eventually.TrueAsync(
            () => Sql.AskAsync<bool>(rig.Database.AppConnectionString, "SELECT leased_until > '-infinity' FROM agenda WHERE kind = 'lane'"), () => "the lane to be claimed");
        first.Deliver();
        var second = await rig.Receiver.NextAsync();
        Assert.NotEqual(first.Message.DeliveryId, second.Message.DeliveryId);
        second.Deliver();
        await rig.RestedAsync();
        Assert.Equal(0, rig.Receiver.Waiting);
        Assert.Equal(2, await rig.CountAsync("SELECT count(*) FROM deliveries WHERE state = 'delivered' AND attempts = 1"));
    }

    [Fact]
    public async Task Whoever_was_stopped_for_longer_than_his_lease_begins_nothing_more()
    {
        await using var rig = await DeliveryRig.StartAsync(DestinationSettings.Ordinary with { Order = DeliveryOrder.Account });
        for (var number = 1; number <= 3; number++) await rig.PayElsewhereAsync($"R{number}", null);
        await rig.PayAsync("R4");
        var first = await rig.Receiver.NextAsync();
        // He can't ask whether the lane is his: only the clock tells.
        await using (await HeldLock.TakeAsync(rig.Database.OwnerConnectionString, "LOCK TABLE agenda IN ACCESS EXCLUSIVE MODE"))
        {
            rig.Advance(TimeSpan.FromHours(1));
            first.Deliver();
            await Eventually.TrueAsync(
                async () => rig.Receiver.Waiting > 0 || await rig.CountAsync(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%THEN due_at ELSE ''infinity''%'") > 0,
                () => "the lane to be let go");
            Assert.Equal(0, rig.Receiver.Waiting);
        }

        Assert.Equal(1, await rig.CountAsync("SELECT count(*) FROM deliveries WHERE state = 'delivered'"));
    }

    [Fact]
    public void A_lease_that_was_not_confirmed_for_as_long_as_it_lasts_is_lost()
    {
        var (clock, lasts) = (new FakeTimeProvider(), TimeSpan.FromSeconds(20));
        var lane = new HeldLane(new LaneLease(1, 1), clock.GetTimestamp());
        clock.Advance(TimeSpan.FromSeconds(19));
        Assert.False(lane.IsLost(lasts, clock));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(lane.IsLost(lasts, clock));
        lane.Confirm(clock.GetTimestamp());
        Assert.False(lane.IsLost(lasts, clock));
        lane.Lose();
        Assert.True(lane.IsLost(lasts, clock));
    }

    [Fact]
    public async Task Whoever_lost_the_lane_while_he_looked_sends_nothing_of_what_he_found()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await using (await HeldLock.TakeAsync(rig.Database.OwnerConnectionString, "LOCK TABLE delivery_rows IN ACCESS EXCLUSIVE MODE"))
        {
            await rig.PayAsync("R1");
            await Eventually.TrueAsync(
                () => Sql.AskAsync<bool>(rig.Database.AppConnectionString, "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"),
                () => "the look to wait");
            await Sql.DoAsync(
                rig.Database.AppConnectionString, "UPDATE agenda SET lease = lease + 1, leased_until = now() + interval '1 day' WHERE kind = 'lane'");
            rig.Advance(TimeSpan.FromMinutes(11));
        }

        await rig.EndAsync();
        Assert.Equal((0, 0L), (rig.Receiver.Waiting, await rig.CountAsync("SELECT count(*) FROM delivery_rows")));
    }

    [Fact]
    public async Task A_destination_that_was_corrected_meanwhile_is_not_paused_for_what_the_old_one_answered()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var gone = await rig.Receiver.NextAsync();
        await rig.ChangeAsync(DestinationSettings.Ordinary, paused: false);
        // The new one is known before the old one answers.
        var before = rig.Found;
        rig.Advance(TimeSpan.FromMinutes(1.1));
        await Eventually.TrueAsync(() => rig.Found > before, () => "the destination to be looked at again");
        gone.Leave();
        await rig.PassAsync(TimeSpan.FromMinutes(5), () => rig.Receiver.Waiting > 0);
        var again = await rig.Receiver.NextAsync();
        Assert.Equal(gone.Message.DeliveryId, again.Message.DeliveryId);
        again.Deliver();
        await rig.RestedAsync();
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM destinations WHERE paused"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_destination_that_was_corrected_meanwhile_does_not_rest_for_what_the_old_one_asked(bool known)
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1", "r");
        var old = await rig.Receiver.NextAsync();
        Assert.NotNull((await rig.Destinations.ChangeAsync(
            "a0", "hook", DestinationDraft.Webhook("http://127.0.0.1:2/hook", false) with { Settings = DestinationSettings.Ordinary }, VersionMatch.Any,
            CancellationToken.None)).Accepted);
        if (known)
        {
            var before = rig.Found;
            rig.Advance(TimeSpan.FromMinutes(1.1));
            await Eventually.TrueAsync(() => rig.Found > before, () => "the destination to be looked at again");
        }

        old.Refuse(TimeSpan.FromMinutes(30));
        await rig.RecordedAsync(old.Delivery, 1);
        // No time passes, and what it asked for is known.
        await rig.PayAsync("R2", "s");
        var next = await rig.Receiver.NextAsync();
        Assert.Equal((2, 2), (next.Sequence, next.Message.Url.Port));
        next.Deliver();
        await rig.RestedAsync();
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM lane_states WHERE failing_since IS NOT NULL OR rest_until IS NOT NULL"));
    }

    [Fact]
    public async Task News_of_one_number_are_let_go_in_the_order_in_which_they_are_sent()
    {
        await using var rig = await DeliveryRig.StartAsync(DestinationSettings.Ordinary with { Order = DeliveryOrder.Account });
        // The second in the table is the first by its id: it waits for its next attempt, and the other behind it.
        await Sql.DoAsync(rig.Database.AppConnectionString, $"""
            INSERT INTO delivery_rows (id, lane, event_id, account_id, sequence, created_at, attempts, waits, due_at)
            SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, lane, gen_random_uuid(), 'a0', 0, now(), 1, true,
                '{rig.Clock.GetUtcNow():O}'::timestamptz + CASE n WHEN 1 THEN interval '1 hour' ELSE interval '-1 second' END
            FROM destinations, generate_series(2, 1, -1) n;
            UPDATE agenda SET due_at = '2000-01-01' WHERE kind = 'lane'
            """);
        rig.Advance(TimeSpan.Zero);
        await rig.RestedAsync();
        Assert.Equal(1, await rig.CountAsync($"SELECT count(*) FROM agenda WHERE kind = 'lane' AND due_at > '{rig.Clock.GetUtcNow().AddMinutes(59):O}' AND due_at < 'infinity'"));
        Assert.Equal(0, rig.Receiver.Waiting);
    }

    [Fact]
    public async Task A_lane_where_nothing_is_found_of_what_is_said_to_be_due_is_looked_at_now_and_then_and_not_without_a_pause()
    {
        var (clock, lanes) = (new FakeTimeProvider(), new ContradictoryLanes());
        await using var outcomes = new Journal<RecordAttempt>(new NoTurn(), new JournalOptions { WritersMax = 1 }, TimeProvider.System);
        var deliverer = new Deliverer(
            lanes, outcomes, [], static _ => default, new DelivererOptions(), new Random(7), clock, static (fault, where) => Assert.Fail($"{where}: {fault}"));
        using var stopping = new CancellationTokenSource();
        var running = deliverer.RunAsync(stopping.Token);
        await Eventually.TrueAsync(() => lanes.Releases >= 2, () => "the lane to be looked at twice");
        for (var turn = 0; turn < 1_000; turn++) await Task.Yield();
        Assert.Equal(2, lanes.Releases);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return lanes.Releases > 2;
            },
            () => "the lane to be looked at again");
        await stopping.CancelAsync();
        await running;
    }

    private sealed class NoTurn : ITurn<RecordAttempt>
    {
        public Task RunAsync(IReadOnlyList<RecordAttempt> commands, TurnPlace place, CancellationToken cancellation) => Task.CompletedTask;
    }

    [Fact]
    public async Task What_was_taken_in_another_order_comes_back_before_anything_goes_in_the_new_one()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1", "r");
        var first = await rig.Receiver.NextAsync();
        await rig.ChangeAsync(DestinationSettings.Ordinary with { Order = DeliveryOrder.Account }, paused: false);
        await rig.PayAsync("R2", "s"); // by its reference it might go beside the first
        await rig.PayAsync("R3", "s");
        first.Fail();
        await rig.PassAsync(TimeSpan.FromMinutes(5), () => rig.Receiver.Waiting > 0);
        List<long> told = [];
        for (var number = 1; number <= 3; number++)
        {
            var next = await rig.Receiver.NextAsync();
            told.Add(next.Sequence);
            next.Deliver();
        }

        Assert.Equal([1, 2, 3], told);
    }
}
