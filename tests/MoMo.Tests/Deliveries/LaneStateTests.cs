using MoMo.Domain.Deliveries;
using MoMo.Silo.Api;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Deliveries;

/// <summary>How a lane stands and why deliveries wait in it, as people see it, on a real database and a held clock.</summary>
public sealed class LaneStateTests
{
    [Fact]
    public async Task A_breaker_is_seen_to_open_to_let_probes_through_and_to_close()
    {
        await using var rig = await DeliveryRig.StartAsync(new DestinationSettings { Order = DeliveryOrder.None });
        for (var number = 0; number < 12; number++) await rig.PayAsync($"R{number}");
        var began = rig.Clock.GetUtcNow();
        // Eight are on their way at once: when four have failed, all twelve have been sent.
        var sent = await rig.Receiver.NextAsync(8);
        foreach (var one in sent[..4]) one.Fail();
        sent = [.. sent[4..], .. await rig.Receiver.NextAsync(4)];
        foreach (var one in sent[..6]) one.Fail();
        var late = sent[6..];

        // What was in flight when it opened has not ended: nobody knows yet when the probe comes.
        var open = await SeeAsync(rig, state => state.IsOpen);
        Assert.Equal((Micro(began), null, null), (open.OpenSince, open.RestsUntil, open.Health.Recovering ? "recovers" : null));
        foreach (var one in late) one.Fail();
        open = await SeeAsync(rig, state => state.RestsUntil is not null);
        Assert.True(open.IsOpen);
        Assert.InRange(open.RestsUntil!.Value - began, TimeSpan.FromSeconds(24), TimeSpan.FromSeconds(36));
        Assert.Equal((12L, Micro(began), open.RestsUntil), (open.Waiting, open.Health.FailingSince, open.NextAt));
        Assert.Equal(await AskAsync(rig, "SELECT min(created_at) FROM deliveries"), open.OldestAt!.Value.UtcDateTime);
        var wait = await WaitAsync(rig, 1);
        Assert.Equal((WaitReason.Breaker, null), (wait!.Reason, wait.Behind));
        Assert.True(wait.Until >= open.RestsUntil);

        // A probe that fails opens it again, since the same time; one that arrives closes it.
        rig.Advance(TimeSpan.FromSeconds(40));
        var probe = await rig.Receiver.NextAsync();
        var half = await StateAsync(rig);
        Assert.Equal((false, 1, Micro(began)), (half.IsOpen, half.Health.Opened, half.OpenSince));
        probe.Fail();
        open = await SeeAsync(rig, state => state.IsOpen && state.RestsUntil is not null);
        Assert.Equal((2, Micro(began)), (open.Health.Opened, open.OpenSince));
        rig.Advance(TimeSpan.FromSeconds(80));
        (await rig.Receiver.NextAsync()).Deliver();
        var well = await SeeAsync(rig, state => state.Health.Opened == 0);
        Assert.Equal((null, null, true, 11L), (well.OpenSince, well.Health.FailingSince, well.Health.Recovering, well.Waiting));
    }

    [Fact]
    public async Task All_that_is_due_waits_for_a_receiver_that_asked_for_time_in_every_silo()
    {
        await using var rig = await DeliveryRig.StartAsync(new DestinationSettings { Order = DeliveryOrder.None, Breaker = false });
        await rig.PayAsync("R1");
        var first = await rig.Receiver.NextAsync();
        first.Refuse(TimeSpan.FromMinutes(1));
        var rests = await SeeAsync(rig, state => state.RestsUntil is not null);
        var until = rests.RestsUntil!.Value;
        Assert.InRange(until - first.At, TimeSpan.FromSeconds(59.9), TimeSpan.FromMinutes(1));
        Assert.False(rests.IsOpen);

        // A silo that knows nothing of it has the lane next.
        await rig.RestartAsync();
        await rig.PayAsync("R2");
        rig.Advance(TimeSpan.FromSeconds(30));
        var wait = await WaitAsync(rig, 2);
        Assert.Equal((WaitReason.Slowed, until), (wait!.Reason, wait.Until));
        rig.Advance(TimeSpan.FromSeconds(31));
        foreach (var one in await rig.Receiver.NextAsync(2))
        {
            Assert.True(one.At >= until, $"{one.Sequence} was sent at {one.At}.");
            one.Deliver();
        }
    }

    [Fact]
    public async Task Who_lets_a_destination_go_on_forgets_that_its_breaker_was_open()
    {
        await using var rig = await DeliveryRig.StartAsync(new DestinationSettings { Order = DeliveryOrder.None });
        for (var number = 0; number < 10; number++) await rig.PayAsync($"R{number}");
        for (var failed = 0; failed < 10; failed++) (await rig.Receiver.NextAsync()).Fail();
        await SeeAsync(rig, state => state.RestsUntil is not null);
        foreach (var paused in new[] { true, false })
        {
            var draft = DeliveryRig.Draft(new DestinationSettings { Order = DeliveryOrder.None }, paused);
            Assert.NotNull((await rig.Destinations.ChangeAsync("a0", "hook", draft, VersionMatch.Any, CancellationToken.None)).Accepted);
            if (!paused) continue;
            Assert.Equal(new DeliveryWait(WaitReason.Paused), await WaitAsync(rig, 1));
        }

        var anew = await StateAsync(rig);
        Assert.Equal((false, 0, null, null, null), (anew.IsOpen, anew.Health.Opened, anew.OpenSince, anew.RestsUntil, anew.Health.FailingSince));
        Assert.True(anew.Health.Recovering); // what waited meanwhile must not come all at once
    }

    [Fact]
    public async Task Of_a_breaker_that_was_turned_off_while_it_was_open_the_last_rest_is_told_and_no_probe()
    {
        var settings = new DestinationSettings { Order = DeliveryOrder.None };
        await using var rig = await DeliveryRig.StartAsync(settings);
        for (var number = 0; number < 10; number++) await rig.PayAsync($"R{number}");
        for (var failed = 0; failed < 10; failed++) (await rig.Receiver.NextAsync()).Fail();
        await SeeAsync(rig, state => state.RestsUntil is not null);
        var row = (await rig.Destinations.ChangeAsync(
            "a0", "hook", DeliveryRig.Draft(settings with { Breaker = false }), VersionMatch.Any, CancellationToken.None)).Accepted!;
        var state = await StateAsync(rig);
        var health = LaneViews.Of(row, state, TimeSpan.FromHours(1))!;
        Assert.NotNull(state.RestsUntil);
        Assert.Equal(("off", null, state.RestsUntil), (health.Breaker, health.NextProbeAt, health.SlowedUntil));
        Assert.Equal(WaitReason.Slowed, (await WaitAsync(rig, 1))!.Reason);
    }

    [Fact]
    public async Task What_a_delivery_waits_for_is_told()
    {
        await using var rig = await DeliveryRig.StartAsync();
        foreach (var (psp, reference) in new[] { ("R1", "x"), ("R2", "X"), ("R3", "y") }) await rig.PayAsync(psp, reference);
        var attempts = await rig.Receiver.NextAsync(2);
        Assert.Equal([1, 3], attempts.Select(one => one.Sequence));
        // Both are on their way: they wait for nothing, and nothing holds up the one between them but the sending of the first.
        for (var number = 1; number <= 3; number++) Assert.Equal(new DeliveryWait(WaitReason.Due), await WaitAsync(rig, number));
        attempts[0].Fail();
        attempts[1].Deliver();
        await rig.RestedAsync();
        var due = (await rig.Deliveries.FindAsync(attempts[0].Delivery, CancellationToken.None))!.DueAt;
        Assert.Equal(new DeliveryWait(WaitReason.Scheduled, due), await WaitAsync(rig, 1));
        Assert.Equal(new DeliveryWait(WaitReason.Behind, due, attempts[0].Delivery), await WaitAsync(rig, 2));
        Assert.Null(await WaitAsync(rig, 3)); // it arrived
        var state = await StateAsync(rig);
        Assert.Equal((2L, due, false), (state.Waiting, state.NextAt, state.IsOpen));

        // In the order of the account all that is later waits for it.
        Assert.NotNull((await rig.Destinations.ChangeAsync(
            "a0", "hook", DeliveryRig.Draft(new DestinationSettings { Order = DeliveryOrder.Account }), VersionMatch.Any, CancellationToken.None)).Accepted);
        await rig.PayAsync("R4", "z");
        Assert.Equal(new DeliveryWait(WaitReason.Behind, due, attempts[0].Delivery), await WaitAsync(rig, 4));
    }

    [Fact]
    public async Task A_lane_that_keeps_its_rate_is_seen_to_rest()
    {
        await using var rig = await DeliveryRig.StartAsync(new DestinationSettings { Order = DeliveryOrder.None, RatePerSecond = 0.1 });
        await rig.PayAsync("R1");
        await rig.PayAsync("R2");
        (await rig.Receiver.NextAsync()).Deliver();
        var rests = await SeeAsync(rig, state => state.RestsUntil is not null);
        Assert.Equal((false, 1L), (rests.IsOpen, rests.Waiting));
        Assert.Equal(new DeliveryWait(WaitReason.Slowed, rests.RestsUntil), await WaitAsync(rig, 2));
    }

    [Fact]
    public async Task Many_that_wait_are_counted_up_to_a_limit()
    {
        await using var rig = await DeliveryRig.StartAsync();
        Assert.NotNull((await rig.Destinations.ChangeAsync(
            "a0", "hook", DeliveryRig.Draft(paused: true), VersionMatch.Any, CancellationToken.None)).Accepted);
        await Sql.DoAsync(
            rig.Database.AppConnectionString,
            """
            INSERT INTO delivery_rows (id, lane, payment_id, account_id, sequence, due_at, created_at)
            SELECT gen_random_uuid(), lane, gen_random_uuid(), 'a0', n, now(), timestamptz '2026-01-01' + n * interval '1 second'
            FROM destinations, generate_series(1, 10500) n
            """);
        var state = await StateAsync(rig);
        Assert.Equal((LaneState.CountMax, new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero)), (state.Waiting, state.OldestAt));
    }

    private static async Task<LaneState> SeeAsync(DeliveryRig rig, Func<LaneState, bool> until)
    {
        LaneState? seen = null;
        await Eventually.TrueAsync(async () => until(seen = await StateAsync(rig)), () => $"{seen}");
        return seen!;
    }

    private static async Task<LaneState> StateAsync(DeliveryRig rig)
    {
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var lane = await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT lane FROM destinations");
        return (await new LaneStates(database, rig.Clock).FindAsync([lane], CancellationToken.None))[lane];
    }

    /// <summary>What the delivery of a number waits for.</summary>
    private static async Task<DeliveryWait?> WaitAsync(DeliveryRig rig, int sequence)
    {
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var delivery = await rig.Deliveries.FindAsync(await rig.DeliveryAsync(sequence), CancellationToken.None);
        return (await new DeliveryWaits(database, rig.Clock).FindAsync([delivery!], CancellationToken.None)).GetValueOrDefault(delivery!.Id);
    }

    private static Task<DateTime> AskAsync(DeliveryRig rig, string sql) => Sql.AskAsync<DateTime>(rig.Database.AppConnectionString, sql);

    /// <summary>As the database keeps it.</summary>
    private static DateTimeOffset? Micro(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
