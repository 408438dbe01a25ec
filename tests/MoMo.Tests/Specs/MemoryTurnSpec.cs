using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;

namespace MoMo.Tests.Specs;

/// <summary>What every store promises to turns that were decided from memory: all of it when memory is right, nothing when it is wrong.</summary>
public abstract class MemoryTurnSpec
{
    protected abstract Task RunAsync(Func<StoreUnderTest, Task> body);

    [Fact]
    public Task What_memory_was_right_about_is_recorded_and_wakes_its_lane() => RunAsync(async store =>
    {
        var version = await VersionAsync(store);
        await using var one = store.Open();
        var first = store.Take("a0", "R1");
        Assert.True(await RecordAsync(store, one, first, 1, new MovedAccount("a0", version, 0, 1)));
        var second = store.Take("a0", "R2");
        Assert.True(await RecordAsync(store, one, second, 2, new MovedAccount("a0", version, 1, 2)));
        var suspended = store.Take(null, "R3");
        Assert.True(await RecordAsync(store, one, suspended, null));

        Assert.Equal(store.Lane, Assert.Single(await store.Lanes.ClaimAsync(10, TimeSpan.FromMinutes(1), default)).Lane);
        var claims = await one.BeginAsync([store.Take("a0", "R2")], ["psp"], ["a0"], default);
        Assert.Equal((0, 2L), (claims.NewKeys, Assert.Single(claims.Fenced).Sequence));
        var read = await one.FindPaymentsAsync([first.Arrival.Id, second.Arrival.Id, suspended.Arrival.Id], default);
        Assert.Equal(
            [("R1", "a0", 1L), ("R2", "a0", 2L), ("R3", null, (long?)null)],
            read.OrderBy(payment => payment.Notice.PspReference).Select(payment => (payment.Notice.PspReference, payment.AccountId, payment.Sequence)));
        Assert.Equal(3, read.Select(payment => payment.Proof.Pack).Distinct().Count());
        await one.RollbackAsync();
    });

    [Theory]
    [InlineData(0, 0, "a0")] // another silo has given a number since
    [InlineData(2, 0, "a0")] // a number that was never given
    [InlineData(1, -1, "a0")] // the account was changed since
    [InlineData(1, 1, "a0")]
    [InlineData(1, 0, "nobody")]
    public Task Nothing_is_recorded_when_memory_is_wrong_about_an_account(long from, long stale, string account) => RunAsync(async store =>
    {
        await store.RecordAsync("a0", "R1");
        var version = await VersionAsync(store);
        await using var one = store.Open();
        var moved = new MovedAccount(account, version + stale, from, from + 1);
        await IsRefusedAsync(store, one, store.Take("a0", "R2"), from + 1, moved);
    });

    [Fact]
    public Task One_account_that_memory_is_wrong_about_is_enough() => RunAsync(async store =>
    {
        await store.RecordAsync("a1", "R1");
        var version = await VersionAsync(store);
        await using var one = store.Open();
        await IsRefusedAsync(store, one, store.Take("a0", "R2"), 1, new MovedAccount("a0", version, 0, 1), new MovedAccount("a1", await VersionAsync(store, "a1"), 0, 1));
    });

    [Fact]
    public Task A_repeat_is_not_recorded() => RunAsync(async store =>
    {
        await store.RecordAsync("a0", "R1");
        var version = await VersionAsync(store);
        await using var one = store.Open();
        var free = store.Take("a0", "R2");
        var facts = store.Facts(new TurnClaims(await one.NextPackAsync(default), [], 2, []), free, 2);
        facts.Payments.Insert(0, store.Facts(new TurnClaims(facts.PackId, [], 1, []), store.Take("a0", "R1"), 3).Payments[0]);
        Assert.False(await one.RecordAsync(facts, [new MovedAccount("a0", version, 1, 3)], default));
        await IsFreeAsync(store, one, free); // nor is what came with it
    });

    [Fact]
    public Task Payments_that_come_together_are_read_back_as_they_were_recorded() => RunAsync(async store =>
    {
        var version = await VersionAsync(store);
        await using var one = store.Open();
        TakePayment[] takes = [store.Take("a0", "R1"), store.Take("a1", "R2"), store.Take("a0", "R3"), store.Take(null, "R4")];
        var pack = await one.NextPackAsync(default);
        var facts = new TurnFacts { At = store.Now, PackId = pack };
        for (var place = 0; place < takes.Length; place++)
        {
            var arrival = takes[place].Arrival;
            var notice = arrival.Notice with
            {
                Adapter = place == 1 ? "adapter" : null, ReferenceId = $"reference {place}", Text = $"text {place}", Shortcode = $"{place}00",
                Payer = place == 2 ? new Payer("name", "phone", "account") : null, Metadata = $"{{\"place\":{place}}}",
            };
            long? number = arrival.Routing.AccountId is null ? null : place == 2 ? 2 : 1;
            facts.Payments.Add(new Payment
            {
                Id = arrival.Id, Notice = notice, Decision = arrival.Routing, Sequence = number, ReceivedAt = arrival.ReceivedAt,
                Proof = new ProofLink(arrival.Proof.Sha256, pack, place, null),
            });
        }

        Assert.True(await one.RecordAsync(facts, [new MovedAccount("a0", version, 0, 2), new MovedAccount("a1", await VersionAsync(store, "a1"), 0, 1)], default));
        await one.BeginAsync([], ["psp"], [], default);
        var read = (await one.FindPaymentsAsync([.. facts.Payments.Select(payment => payment.Id)], default)).OrderBy(payment => payment.Notice.PspReference);
        foreach (var (written, found) in facts.Payments.Zip(read))
        {
            Assert.Equal((written.Id, written.Notice, written.ReceivedAt), (found.Id, found.Notice, found.ReceivedAt));
            Assert.Equal((written.AccountId, written.Sequence, written.Proof.Position), (found.AccountId, found.Sequence, found.Proof.Position));
            Assert.Equal(written.Proof.Sha256, found.Proof.Sha256);
        }

        await one.RollbackAsync();
    });

    [Theory]
    [InlineData("old")]
    [InlineData("nobody")]
    public Task What_a_PSP_sends_that_is_gone_is_not_recorded(string psp) => RunAsync(async store =>
    {
        var version = await VersionAsync(store);
        await using var one = store.Open();
        var take = store.Take("a0", "R1");
        var gone = new TakePayment(take.Arrival with { Notice = take.Arrival.Notice with { Psp = psp } });
        await IsRefusedAsync(store, one, gone, 1, new MovedAccount("a0", version, 0, 1));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task What_was_taken_back_before_it_came_is_not_recorded(bool byEndToEndId) => RunAsync(async store =>
    {
        await using var one = store.Open();
        await one.BeginAloneAsync(default);
        var back = store.Reverse("V1", byEndToEndId ? "other" : "R1");
        back = new TakeReversal(
            back.Id, back.Notice with { EndToEndId = byEndToEndId ? "E1" : null, OriginalReference = byEndToEndId ? null : "R1" }, back.Proof, back.ReceivedAt, null);
        await one.CommitAsync(store.Facts(await one.BeginAsync([], ["psp"], [], default), back), default);

        var version = await VersionAsync(store);
        var take = store.Take("a0", "R1");
        var paid = new TakePayment(take.Arrival with { Notice = take.Arrival.Notice with { Metadata = """{"end_to_end_id":"E1"}""" } });
        await IsRefusedAsync(store, one, paid, 1, new MovedAccount("a0", version, 0, 1));
        var free = store.Take("a0", "R2");
        Assert.True(await RecordAsync(store, one, free, 1, new MovedAccount("a0", version, 0, 1)));
        if (!byEndToEndId) return;

        // Once a payment has the id, what comes with the same can't be meant alone.
        await one.CommitAsync(store.Facts(await one.BeginAsync([paid], ["psp"], ["a0"], default), paid, 2), default);
        take = store.Take("a0", "R3");
        paid = new TakePayment(take.Arrival with { Notice = paid.Arrival.Notice with { PspReference = "R3" } });
        Assert.True(await RecordAsync(store, one, paid, 3, new MovedAccount("a0", version, 2, 3)));
    });

    [Fact]
    public Task It_waits_for_who_holds_the_account_and_sees_what_became_of_it() => RunAsync(async store =>
    {
        var version = await VersionAsync(store);
        await using var one = store.Open();
        await using var other = store.Open();
        var take = store.Take("a0", "R1");
        var claims = await one.BeginAsync([take], ["psp"], ["a0"], default);
        var waiting = RecordAsync(store, other, store.Take("a0", "R2"), 1, new MovedAccount("a0", version, 0, 1));
        await one.CommitAsync(store.Facts(claims, take, 1), default);
        Assert.False(await waiting);

        await one.BeginAsync([], ["psp"], ["a0"], default);
        waiting = RecordAsync(store, other, store.Take("a0", "R3"), 2, new MovedAccount("a0", version, 1, 2));
        await one.RollbackAsync();
        Assert.True(await waiting);
    });

    [Fact]
    public Task It_waits_for_who_holds_a_key_and_for_who_takes_reversals() => RunAsync(async store =>
    {
        var version = await VersionAsync(store);
        await using var one = store.Open();
        await using var other = store.Open();
        await one.BeginAsync([store.Take("a1", "R1")], ["psp"], [], default);
        var waiting = RecordAsync(store, other, store.Take("a0", "R1"), 1, new MovedAccount("a0", version, 0, 1));
        await one.RollbackAsync();
        Assert.True(await waiting);

        await one.BeginAloneAsync(default);
        var back = store.Reverse("V1", "R2");
        var claims = await one.BeginAsync([], ["psp"], [], default);
        waiting = RecordAsync(store, other, store.Take("a0", "R2"), 2, new MovedAccount("a0", version, 1, 2));
        await one.CommitAsync(store.Facts(claims, back), default);
        Assert.False(await waiting);
    });

    private static async Task IsRefusedAsync(StoreUnderTest store, ITurnTransaction one, TakePayment take, long? sequence, params MovedAccount[] moved)
    {
        Assert.False(await RecordAsync(store, one, take, sequence, moved));
        await IsFreeAsync(store, one, take);
    }

    /// <summary>Neither its key nor its number is taken, and nothing is held that others need.</summary>
    private static async Task IsFreeAsync(StoreUnderTest store, ITurnTransaction one, TakePayment take)
    {
        await using var other = store.Open();
        var before = (await other.BeginAsync([], ["psp"], ["a0", "a1"], default)).Fenced;
        await other.RollbackAsync();
        Assert.Equal(1, (await one.BeginAsync([take], ["psp"], ["a0", "a1"], default)).NewKeys);
        Assert.Empty(await one.FindPaymentsAsync([take.Arrival.Id], default));
        await one.RollbackAsync();
        Assert.Equal(before, (await other.BeginAsync([], ["psp"], ["a0", "a1"], default)).Fenced);
        await other.RollbackAsync();
    }

    private static async Task<bool> RecordAsync(StoreUnderTest store, ITurnTransaction one, TakePayment take, long? sequence, params MovedAccount[] moved)
    {
        var claims = new TurnClaims(await one.NextPackAsync(default), [], 1, []);
        var facts = store.Facts(claims, take, sequence, deliver: sequence is not null);
        return await one.RecordAsync(facts, moved, default);
    }

    private static async Task<long> VersionAsync(StoreUnderTest store, string account = "a0")
    {
        await using var one = store.Open();
        var version = Assert.Single((await one.BeginAsync([], ["psp"], [account], default)).Fenced).Version;
        await one.RollbackAsync();
        return version;
    }
}
