using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;
using MoMo.Engine;

namespace MoMo.Tests.Specs;

/// <summary>What every store promises to turns: PostgreSQL, and the model that the simulator runs on, so that the model can't lie.</summary>
public abstract class TurnSpec
{
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
        Assert.Equal(take.Arrival.Id, (await one.FindOriginalsAsync([back], default))[0].Named);
        var linked = Assert.Single(await one.FindReversalsAsync([take.Arrival.Id], [], default));
        Assert.Equal(("a0", 2L, "accepted"), (linked.AccountId, linked.Sequence, linked.Status));
        Assert.Equal(linked.Id, Assert.Single(await one.FindReversalsAsync([], [back], default)).Id);
        await one.RollbackAsync();
    });

    [Fact]
    public Task An_end_to_end_id_that_a_payment_has_already_makes_no_orphan_of_another_its_own() => RunAsync(async store =>
    {
        await using var one = store.Open();
        await one.BeginAloneAsync(default);
        var back = store.Reverse("V1", "never");
        back = new TakeReversal(back.Id, back.Notice with { EndToEndId = "E1" }, back.Proof, back.ReceivedAt, null);
        await one.CommitAsync(store.Facts(await one.BeginAsync([], ["psp"], [], default), back), default);
        for (var n = 0; n < 3; n++)
        {
            var take = store.Take("a0", $"R{n}");
            take = new TakePayment(take.Arrival with { Notice = take.Arrival.Notice with { Metadata = """{"end_to_end_id":"E1"}""" } });
            var claims = await one.BeginAsync([take], ["psp"], ["a0"], default);
            Assert.Equal(n == 0 ? 1 : 0, claims.Orphans.Count);
            await one.CommitAsync(store.Facts(claims, take, n + 1), default);
            await one.BeginAsync([], ["psp"], [], default);
            var found = (await one.FindOriginalsAsync([back], default))[0];
            Assert.Equal((null, Math.Min(n + 1, 2)), (found.Named, found.EndToEnd.Count));
            await one.RollbackAsync();
        }
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
    public Task What_stands_for_an_unlinked_payment_is_what_is_taken_back_of_it() => RunAsync(async store =>
    {
        var payment = (await store.RecordAsync("a0", "R1")).Payments[0];
        await using var one = store.Open();
        var claims = await one.BeginAsync([], [], ["a0"], default);
        Assert.Empty(await one.FindUnlinkingsAsync([payment.Id], default));
        var facts = store.Facts(claims, store.Reverse("V1", "R1"));
        facts.Reversals[0] = facts.Reversals[0] with { PaymentId = payment.Id, AccountId = "a0", Sequence = 2 };
        var rest = payment with { Id = store.Ids.Next(), Decision = payment.Decision with { AccountId = null }, Sequence = null };
        var unlinking = new Unlinking(rest.Id, payment.Id, facts.Reversals[0].Id, "Why not?", "admin", payment.ReceivedAt);
        facts.Payments.Add(rest);
        facts.Unlinkings.Add(unlinking);
        facts.Advanced.Add(("a0", 2));
        await one.CommitAsync(facts, default);

        await one.BeginAsync([], [], [], default);
        Assert.Equal([unlinking], await one.FindUnlinkingsAsync([payment.Id, rest.Id], default));
        Assert.Equal(rest.Id, (await one.FindOriginalsAsync([store.Reverse("V2", "R1")], default))[0].Named);
        await one.RollbackAsync();
    });
}
