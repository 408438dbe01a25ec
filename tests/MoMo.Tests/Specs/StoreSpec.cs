using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;
using MoMo.Engine;

namespace MoMo.Tests.Specs;

/// <summary>What every store promises to turns and to deliverers: PostgreSQL, and the model that the simulator runs on, so that the model can't lie.</summary>
public abstract class StoreSpec
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    protected abstract Task RunAsync(Func<StoreUnderTest, Task> body);

    [Fact]
    public Task A_key_is_new_once_and_then_a_repeat() => RunAsync(async store =>
    {
        var (first, twin, other) = (store.Take("a0", "R1"), store.Take("a0", "R1"), store.Take("a0", "R2"));
        await using var one = store.Open();
        TakePayment[] takes = [first, twin, other];
        var claims = await one.BeginAsync(takes, ["psp"], ["a0"], default);
        Assert.Equal(2, claims.NewKeys);
        Assert.Equal([KeyValuePair.Create(1, first.Arrival.Id)], await one.FindRepeatsAsync(takes, default));
        await one.CommitAsync(store.Facts(claims, first, 1), default);

        var again = store.Take("a0", "R1");
        Assert.Equal(0, (await one.BeginAsync([again], ["psp"], [], default)).NewKeys);
        Assert.Equal(first.Arrival.Id, (await one.FindRepeatsAsync([again], default))[0]);
        await one.RollbackAsync();
    });

    [Fact]
    public Task Who_claims_what_another_claimed_waits_and_sees_what_became_of_it() => RunAsync(async store =>
    {
        await using var one = store.Open();
        await using var other = store.Open();
        var (mine, kept) = (store.Take("a0", "R1"), store.Take("a0", "R2"));
        var claims = await one.BeginAsync([mine], ["psp"], ["a0"], default);
        var waiting = other.BeginAsync([store.Take("a1", "R1")], ["psp"], [], default);
        await one.CommitAsync(store.Facts(claims, mine, 1), default);
        Assert.Equal(0, (await waiting).NewKeys);
        await other.RollbackAsync();

        await one.BeginAsync([kept], ["psp"], [], default);
        waiting = other.BeginAsync([store.Take("a1", "R2")], ["psp"], [], default);
        await one.RollbackAsync();
        Assert.Equal(1, (await waiting).NewKeys);
    });

    [Fact]
    public Task Whoever_goes_away_takes_everything_back() => RunAsync(async store =>
    {
        var gone = store.Open();
        var before = await gone.BeginAsync([store.Take("a0", "R1")], ["psp"], ["a0"], default);
        await gone.DisposeAsync();
        await using var next = store.Open();
        var after = await next.BeginAsync([store.Take("a0", "R1")], ["psp"], ["a0"], default);
        Assert.Equal(1, after.NewKeys);
        Assert.NotEqual(before.PackId, after.PackId);
    });

    [Fact]
    public Task A_fence_waits_and_sees_the_number_that_was_committed() => RunAsync(async store =>
    {
        await using var one = store.Open();
        await using var other = store.Open();
        var take = store.Take("a0", "R1");
        var claims = await one.BeginAsync([take], ["psp"], ["a0", "a1", "nobody"], default);
        Assert.Equal([("a0", 0L), ("a1", 0L)], claims.Fenced.Select(one => (one.Id, one.Sequence)));
        await other.BeginAsync([], ["psp"], [], default);
        var waiting = other.FenceAsync(["a0"], default);
        await one.CommitAsync(store.Facts(claims, take, 1), default);
        Assert.Equal(1, Assert.Single(await waiting).Sequence);
    });

    [Fact]
    public Task Of_two_that_wait_for_each_other_one_is_told_to_start_anew() => RunAsync(async store =>
    {
        await using var one = store.Open();
        await using var other = store.Open();
        await one.BeginAsync([], ["psp"], ["a0"], default);
        await other.BeginAsync([], ["psp"], ["a1"], default);
        var faults = await Task.WhenAll(TryAsync(one, "a1"), TryAsync(other, "a0"));
        Assert.IsType<TurnLostException>(Assert.Single(faults, fault => fault is not null));

        // The loser lets go, so the winner gets its fence.
        async Task<Exception?> TryAsync(ITurnTransaction transaction, string account)
        {
            try
            {
                await transaction.FenceAsync([account], default);
                return null;
            }
            catch (Exception e)
            {
                var meaning = transaction.Explain(e);
                await transaction.DisposeAsync();
                return meaning;
            }
        }
    });

    [Fact]
    public Task A_number_is_given_once_even_without_the_fence() => RunAsync(async store =>
    {
        await store.RecordAsync("a0", "R1");
        await using var careless = store.Open();
        var take = store.Take("a0", "R2");
        var claims = await careless.BeginAsync([take], ["psp"], [], default);
        Assert.IsType<TurnLostException>(await StoreUnderTest.FaultAsync(careless, () => careless.CommitAsync(store.Facts(claims, take, 1), default)));
        await careless.DisposeAsync();
        await using var next = store.Open();
        Assert.Equal(1, (await next.BeginAsync([store.Take("a0", "R2")], ["psp"], [], default)).NewKeys);
    });

    [Fact]
    public Task Only_PSPs_that_are_there_and_not_archived_are_known() => RunAsync(async store =>
    {
        await using var one = store.Open();
        Assert.Equal(["psp"], (await one.BeginAsync([], ["psp", "old", "nobody"], [], default)).Psps);
    });

    [Fact]
    public Task A_payment_is_read_back_as_it_was_recorded_and_with_its_assignment() => RunAsync(async store =>
    {
        var written = (await store.RecordAsync(null, "R1")).Payments[0];
        await using var one = store.Open();
        var claims = await one.BeginAsync([], ["psp"], ["a1"], default);
        var read = Assert.Single(await one.FindPaymentsAsync([written.Id, store.Ids.Next()], default));
        Assert.Equal((written.Id, written.Notice, written.ReceivedAt, null), (read.Id, read.Notice, read.ReceivedAt, read.AccountId));

        var facts = new TurnFacts { At = store.Now, PackId = claims.PackId };
        facts.Assignments.Add(new Assignment(written.Id, "a1", "x", 1, "It is theirs.", "operator", written.ReceivedAt));
        facts.Advanced.Add(("a1", 1));
        await one.CommitAsync(facts, default);
        await one.BeginAsync([], ["psp"], [], default);
        read = Assert.Single(await one.FindPaymentsAsync([written.Id], default));
        Assert.Equal(("a1", "x", 1L), (read.AccountId, read.ReferenceId, read.Sequence));
        await one.RollbackAsync();

        await using var late = store.Open();
        claims = await late.BeginAsync([], ["psp"], ["a0"], default);
        facts = new TurnFacts { At = store.Now, PackId = claims.PackId };
        facts.Assignments.Add(new Assignment(written.Id, "a0", null, 1, "Mine.", "operator", written.ReceivedAt));
        Assert.IsType<TurnLostException>(await StoreUnderTest.FaultAsync(late, () => late.CommitAsync(facts, default)));
    });

    [Fact]
    public Task A_reversal_is_an_orphan_until_a_link_says_whose_it_is() => RunAsync(async store =>
    {
        var take = store.Take("a0", "R1");
        var back = store.Reverse("V1", "R1");
        await using var one = store.Open();
        await one.BeginAloneAsync(default);
        var claims = await one.BeginAsync([], ["psp"], [], default);
        Assert.Empty(await one.FindOriginalsAsync([back], default));
        Assert.Empty(await one.FindReversalsAsync([], [back], default));
        var facts = store.Facts(claims, back);
        await one.CommitAsync(facts, default);

        claims = await one.BeginAsync([take], ["psp"], ["a0"], default);
        var orphan = Assert.Single(claims.Orphans);
        Assert.Equal((back.Id, back.Notice, "orphaned"), (orphan.Id, orphan.Notice, orphan.Status));
        facts = store.Facts(claims, take, 1);
        facts.ReversalLinks.Add(new ReversalLink(orphan.Id, take.Arrival.Id, "a0", 2, null, store.Now));
        facts.Advanced[0] = ("a0", 2);
        await one.CommitAsync(facts, default);

        await one.BeginAloneAsync(default);
        Assert.Empty((await one.BeginAsync([store.Take("a0", "R1")], ["psp"], ["a0"], default)).Orphans);
        Assert.Equal(take.Arrival.Id, (await one.FindOriginalsAsync([back], default))[0]);
        var linked = Assert.Single(await one.FindReversalsAsync([take.Arrival.Id], [], default));
        Assert.Equal(("a0", 2L, "accepted"), (linked.AccountId, linked.Sequence, linked.Status));
        Assert.Equal(linked.Id, Assert.Single(await one.FindReversalsAsync([], [back], default)).Id);
        await one.RollbackAsync();
    });

    [Fact]
    public Task Who_begins_alone_waits_for_the_others_and_they_for_him() => RunAsync(async store =>
    {
        await using var one = store.Open();
        await using var other = store.Open();
        await one.BeginAsync([], ["psp"], [], default);
        var waiting = other.BeginAloneAsync(default);
        Assert.False(waiting.IsCompleted);
        await one.RollbackAsync();
        await waiting;
        var behind = one.BeginAsync([], ["psp"], [], default);
        await other.BeginAsync([], ["psp"], [], default);
        await other.RollbackAsync();
        await behind;
        await one.RollbackAsync();
    });

    [Fact]
    public Task A_reversal_is_recorded_once_and_linked_once() => RunAsync(async store =>
    {
        var payment = (await store.RecordAsync(null, "R1")).Payments[0];
        await using var one = store.Open();
        await one.CommitAsync(store.Facts(await one.BeginAsync([], ["psp"], [], default), store.Reverse("V1", "never")), default);
        await using var careless = store.Open();
        var again = store.Facts(await careless.BeginAsync([], ["psp"], [], default), store.Reverse("V1", "never"));
        Assert.IsType<TurnLostException>(await StoreUnderTest.FaultAsync(careless, () => careless.CommitAsync(again, default)));
        await careless.DisposeAsync();

        var claims = await one.BeginAsync([], ["psp"], [], default);
        var reversal = Assert.Single(await one.FindReversalsAsync([], [store.Reverse("V1", "never")], default));
        await one.CommitAsync(Link(claims), default);
        await using var late = store.Open();
        var link = Link(await late.BeginAsync([], ["psp"], [], default));
        Assert.IsType<TurnLostException>(await StoreUnderTest.FaultAsync(late, () => late.CommitAsync(link, default)));

        TurnFacts Link(TurnClaims claims)
        {
            var facts = new TurnFacts { At = store.Now, PackId = claims.PackId };
            facts.ReversalLinks.Add(new ReversalLink(reversal.Id, payment.Id, null, null, null, store.Now));
            return facts;
        }
    });

    [Fact]
    public Task Accounts_are_loaded_with_their_destinations_and_a_version_that_rises() => RunAsync(async store =>
    {
        await using var one = store.Open();
        var before = (await one.BeginAsync([], ["psp"], ["a0"], default)).Fenced[0].Version;
        var account = Assert.Single(await one.LoadAccountsAsync(["a0", "nobody"], default));
        Assert.Equal((before, false, store.Lane), (account.Version, account.Archived, Assert.Single(account.Destinations).Lane));
        await one.RollbackAsync();
        await store.PauseAsync(true);
        Assert.True((await one.BeginAsync([], ["psp"], ["a0"], default)).Fenced[0].Version > before);
        Assert.True(Assert.Single(Assert.Single(await one.LoadAccountsAsync(["a0"], default)).Destinations).Paused);
    });

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
        var due = Assert.Single(await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default));
        Assert.Equal((facts.Deliveries[0].Id, 0, facts.Payments[0].Id), (due.Id, due.Attempts, due.Payment!.Id));

        await RecordAsync(store, due, AttemptVerdict.Retry, store.Now + TimeSpan.FromMinutes(5));
        Assert.Empty(await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default));
        Assert.True(await store.Lanes.ReleaseAsync(lease, 0, default));
        Assert.Empty(await store.Lanes.ClaimAsync(10, Lease, default));
        store.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.Equal(1, Assert.Single(await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)).Attempts);
    });

    [Fact]
    public Task A_lane_that_sleeps_is_woken_by_what_is_recorded() => RunAsync(async store =>
    {
        await store.RecordAsync("a0", "R1", deliver: true);
        var lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        await RecordAsync(store, Assert.Single(await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)), AttemptVerdict.Delivered, null);
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
        await store.Lanes.PauseAsync(store.Lane, "It wants no more.", default);
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
        var due = Assert.Single(await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default));
        await RecordAsync(store, due, AttemptVerdict.Delivered, null);
        await RecordAsync(store, due, AttemptVerdict.Retry, store.Now);
        await RecordAsync(store, due with { Attempts = 1 }, AttemptVerdict.Retry, store.Now);
        Assert.Empty(await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default));

        await store.RetryAsync(due.Id);
        Assert.Equal((due.Id, 1), (Assert.Single(await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default)) is var again) ? (again.Id, again.Attempts) : default);
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
    });

    [Fact]
    public Task A_lane_that_rests_is_claimed_by_nobody_until_then_or_until_a_person_ends_it() => RunAsync(async store =>
    {
        var facts = await store.RecordAsync("a0", "R1", deliver: true);
        var lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        await store.Lanes.KeepAsync(store.Lane, new LaneHealth(store.Now, 2, false), default);
        await store.Lanes.RestAsync(lease, store.Now + TimeSpan.FromMinutes(5), default);
        await store.RecordAsync("a0", "R2", deliver: true);
        Assert.Empty(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.Empty(await store.Lanes.RenewAsync([lease], Lease, default));
        store.Advance(TimeSpan.FromMinutes(5));
        lease = Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
        Assert.Equal(2, (await store.Lanes.FindAsync(store.Lane, default))!.Health.Opened);

        await store.Lanes.RestAsync(lease, store.Now + TimeSpan.FromMinutes(5), default);
        await store.RetryAsync(facts.Deliveries[0].Id);
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));
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
        var due = await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default);
        Assert.Equal(arrived.Select(id => (id, 1, 1)), due.Select(one => (one.Id, one.Attempts, one.RoundStart)));
        Assert.Single(await store.Lanes.ClaimAsync(10, Lease, default));

        // They arrive again while the replay goes on: it does not take them a second time.
        foreach (var one in due) await RecordAsync(store, one, AttemptVerdict.Delivered, null);
        for (var batch = 0; batch < 3; batch++)
        {
            store.Advance(TimeSpan.FromSeconds(5));
            await store.StepReplaysAsync();
        }

        Assert.Empty(await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default));
    });

    /// <summary>A payment whose delivery arrives, or is dead, at its first attempt.</summary>
    private static async Task<Guid> DeliverAsync(StoreUnderTest store, string reference, AttemptVerdict verdict)
    {
        var facts = await store.RecordAsync("a0", reference, deliver: true);
        var due = Assert.Single(await store.Lanes.DueAsync(store.Lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, default));
        await RecordAsync(store, due, verdict, null);
        return facts.Deliveries[0].Id;
    }

    private static async Task RecordAsync(StoreUnderTest store, DueDelivery due, AttemptVerdict verdict, DateTimeOffset? next)
    {
        var attempt = new RecordAttempt(due.Id, due.Attempts, new AttemptResult(verdict, 200, null, null), store.Now, next) { Unwritten = due.Unwritten };
        await store.Attempts.RunAsync([attempt], TurnPlace.First(), default);
    }
}
