using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Tests.Specs;

/// <summary>What every store promises to deliverers: PostgreSQL, and the model that the simulator runs on, so that the model can't lie.</summary>
public abstract class LaneSpec
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    protected abstract Task RunAsync(Func<StoreUnderTest, Task> body);

    [Fact]
    public Task A_lane_is_held_by_one_until_its_lease_ends() => RunAsync(async store =>
    {
        Assert.Empty(await store.Lanes.ClaimAsync(10, Lease, default));
        await store.RecordAsync("a0", "R1", deliver: true);
        var first = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.Equal(store.Lane, first.Lane);
        Assert.Empty(await store.Lanes.ClaimAsync(10, Lease, default));

        store.Advance(Lease / 2);
        Assert.Equal([first], await store.Lanes.RenewAsync([first], Lease, default));
        store.Advance(Lease / 2);
        Assert.Empty(await store.Lanes.ClaimAsync(10, Lease, default));
        store.Advance(Lease);
        var second = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.True(second.Number > first.Number);

        // Who lost it can do nothing to it any more.
        Assert.Empty(await store.Lanes.RenewAsync([first], Lease, default));
        Assert.True(await store.Lanes.ReleaseAsync(first, 0, default));
        await store.Lanes.ParkAsync(first, again: true, default);
        Assert.Equal([second], await store.Lanes.RenewAsync([second], Lease, default));
    });

    [Fact]
    public Task A_lane_is_not_let_go_over_what_is_due_and_sleeps_until_what_is_due_next() => RunAsync(async store =>
    {
        var facts = await store.RecordAsync("a0", "R1", deliver: true);
        var lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.False(await store.Lanes.ReleaseAsync(lease, 0, default));
        var due = Assert.Single((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries);
        Assert.Equal((facts.Deliveries[0].Id, 0, facts.Payments[0].Id), (due.Id, due.Attempts, due.Payment!.Id));

        var again = store.Now + TimeSpan.FromMinutes(5);
        await RecordAsync(store, due, AttemptVerdict.Retry, again);
        Assert.Empty((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries);
        Assert.True(await store.Lanes.ReleaseAsync(lease, 0, default));
        Assert.Empty(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.Null(await store.Lanes.NextAsync(again - Lease, default));
        Assert.InRange((await store.Lanes.NextAsync(again + Lease, default))!.Value, again - TimeSpan.FromMilliseconds(1), again);
        store.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await store.Lanes.NextAsync(again + Lease, default));
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.Equal(1, Assert.Single((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries).Attempts);
    });

    [Fact]
    public Task A_lane_that_sleeps_is_woken_by_what_is_recorded() => RunAsync(async store =>
    {
        await store.RecordAsync("a0", "R1", deliver: true);
        var lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        await RecordAsync(store, Assert.Single((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries), AttemptVerdict.Delivered, null);
        Assert.True(await store.Lanes.ReleaseAsync(lease, 0, default));
        store.Advance(TimeSpan.FromDays(30));
        Assert.Empty(await store.Lanes.ClaimAsync(10, Lease, default));
        await store.RecordAsync("a0", "R2", deliver: true);
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
    });

    [Fact]
    public Task A_paused_lane_rests_until_its_destination_goes_on() => RunAsync(async store =>
    {
        await store.RecordAsync("a0", "R1", deliver: true);
        var lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        var version = (await store.Lanes.FindAsync(store.Lane, default))!.Version;
        Assert.False(await store.Lanes.PauseAsync(store.Lane, version - 1, PauseReason.Gone, default)); // it is another one now
        Assert.True(await store.Lanes.PauseAsync(store.Lane, version, PauseReason.Gone, default));
        Assert.False(await store.Lanes.PauseAsync(store.Lane, version, PauseReason.Failing, default)); // somebody else was first
        Assert.False(await store.Lanes.PauseAsync(store.Lane + 1_000, version, PauseReason.Gone, default));
        Assert.True((await store.Lanes.FindAsync(store.Lane, default))!.Paused);
        await store.Lanes.ParkAsync(lease, again: false, default);
        store.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await store.Lanes.ClaimAsync(10, Lease, default));
        await store.PauseAsync(false);
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.Null(await store.Lanes.FindAsync(store.Lane + 1_000, default));
    });

    [Fact]
    public Task An_outcome_counts_once_and_never_over_another() => RunAsync(async store =>
    {
        await store.RecordAsync("a0", "R1", deliver: true);
        var due = Assert.Single((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries);
        await RecordAsync(store, due, AttemptVerdict.Delivered, null);
        await RecordAsync(store, due, AttemptVerdict.Retry, store.Now);
        await RecordAsync(store, due with { Attempts = 1 }, AttemptVerdict.Retry, store.Now);
        Assert.Empty((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries);

        await store.RetryAsync(due.Id);
        Assert.Equal((due.Id, 1), (Assert.Single((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries) is var again) ? (again.Id, again.Attempts) : default);
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
    });

    [Fact]
    public Task A_lane_that_rests_is_claimed_by_nobody_until_then_or_until_a_person_ends_it() => RunAsync(async store =>
    {
        var facts = await store.RecordAsync("a0", "R1", deliver: true);
        var lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        var version = (await store.Lanes.FindAsync(store.Lane, default))!.Version;
        await store.Lanes.KeepAsync(lease, version, new LaneHealth(store.Now, 2, false), default);
        // Of another destination, or by who has lost the lane: nothing is remembered, and the lane stays held.
        await store.Lanes.KeepAsync(lease, version - 1, LaneHealth.Well, default);
        await store.Lanes.KeepAsync(lease with { Number = lease.Number - 1 }, version, LaneHealth.Well, default);
        Assert.False(await store.Lanes.RestAsync(lease, version - 1, store.Now, store.Now + TimeSpan.FromMinutes(5), default));
        Assert.Equal([lease], await store.Lanes.RenewAsync([lease], Lease, default));
        Assert.True(await store.Lanes.RestAsync(lease, version, store.Now, store.Now + TimeSpan.FromMinutes(5), default));
        Assert.True(await store.Lanes.RestAsync(lease, version, store.Now, store.Now, default)); // it is not his any more
        await store.RecordAsync("a0", "R2", deliver: true);
        Assert.Empty(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.Empty(await store.Lanes.RenewAsync([lease], Lease, default));
        store.Advance(TimeSpan.FromMinutes(5));
        lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.Equal(2, (await store.Lanes.FindAsync(store.Lane, default))!.Health.Opened);

        Assert.True(await store.Lanes.RestAsync(lease, version, store.Now, store.Now + TimeSpan.FromMinutes(5), default));
        await store.RetryAsync(facts.Deliveries[0].Id);
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_lane_does_not_begin_to_rest_over_what_a_person_asked_for_since_its_receiver_said_so(bool again) => RunAsync(async store =>
    {
        var facts = await store.RecordAsync("a0", "R1", deliver: true);
        var lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        var version = (await store.Lanes.FindAsync(store.Lane, default))!.Version;
        var due = Assert.Single((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries);
        await RecordAsync(store, due, AttemptVerdict.Retry, store.Now + TimeSpan.FromHours(1));
        var since = store.Now;
        store.Advance(TimeSpan.FromMilliseconds(5));
        await store.RetryAsync(facts.Deliveries[0].Id);
        Assert.False(await store.Lanes.RestAsync(lease, version, since, store.Now + TimeSpan.FromHours(1), default));
        Assert.Equal([lease], await store.Lanes.RenewAsync([lease], Lease, default));
        // A rest that was found later is another one, and that of the hub's own pace nobody's to end before it begins.
        if (again) store.Advance(TimeSpan.FromMilliseconds(5));
        Assert.True(await store.Lanes.RestAsync(lease, version, again ? store.Now : null, store.Now + TimeSpan.FromHours(1), default));
    });

    [Fact]
    public Task Since_when_a_lane_fails_is_forgotten_when_nothing_waits_in_it() => RunAsync(async store =>
    {
        await store.RecordAsync("a0", "R1", deliver: true);
        var lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        var version = (await store.Lanes.FindAsync(store.Lane, default))!.Version;
        var due = Assert.Single((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries);
        await RecordAsync(store, due, AttemptVerdict.Retry, store.Now + TimeSpan.FromMinutes(5));
        await store.Lanes.KeepAsync(lease, version, new LaneHealth(store.Now, 0, false), default);
        Assert.True(await store.Lanes.ReleaseAsync(lease, 0, default));
        Assert.NotNull((await store.Lanes.FindAsync(store.Lane, default))!.Health.FailingSince);

        store.Advance(TimeSpan.FromMinutes(5));
        lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        await RecordAsync(store, due with { Attempts = 1, Unwritten = null, DueAt = store.Now }, AttemptVerdict.Retry, null);
        Assert.True(await store.Lanes.ReleaseAsync(lease, 0, default));
        Assert.Null((await store.Lanes.FindAsync(store.Lane, default))!.Health.FailingSince);
    });

    [Fact]
    public Task A_replay_makes_ready_what_it_announced_once_and_nothing_that_came_later() => RunAsync(async store =>
    {
        var arrived = new[] { await DeliverAsync(store, "R1", AttemptVerdict.Delivered), await DeliverAsync(store, "R2", AttemptVerdict.Delivered) };
        await DeliverAsync(store, "R3", AttemptVerdict.Retry);
        store.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await store.ReplayAsync("delivered"));
        store.Advance(TimeSpan.FromSeconds(1));
        await DeliverAsync(store, "R4", AttemptVerdict.Delivered);

        await store.StepReplaysAsync();
        var due = (await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries;
        Assert.Equal(arrived.Select(id => (id, 1, 1)), due.Select(one => (one.Id, one.Attempts, one.RoundStart)));
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));

        // They arrive again while the replay goes on: it does not take them a second time.
        foreach (var one in due) await RecordAsync(store, one, AttemptVerdict.Delivered, null);
        for (var batch = 0; batch < 3; batch++)
        {
            store.Advance(TimeSpan.FromSeconds(5));
            await store.StepReplaysAsync();
        }

        Assert.Empty((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries);
    });

    /// <summary>A payment whose delivery arrives, or is dead, at its first attempt.</summary>
    private static async Task<Guid> DeliverAsync(StoreUnderTest store, string reference, AttemptVerdict verdict)
    {
        var facts = await store.RecordAsync("a0", reference, deliver: true);
        var due = Assert.Single((await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Deliveries);
        await RecordAsync(store, due, verdict, null);
        return facts.Deliveries[0].Id;
    }

    private static async Task RecordAsync(StoreUnderTest store, DueDelivery due, AttemptVerdict verdict, DateTimeOffset? next)
    {
        var attempt = new RecordAttempt(due.Id, due.Attempts, new AttemptResult(verdict, 200, null, null), store.Now, next)
        {
            DueBefore = due.DueAt, Unwritten = due.Unwritten,
        };
        await store.Attempts.RunAsync([attempt], TurnPlace.First(), default);
    }
}
