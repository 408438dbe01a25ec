using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Management;
using MoMo.Tests.Support;

namespace MoMo.Tests.Deliveries;

/// <summary>What a delivery that does not arrive holds back, on a real database and a held clock.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task By_reference_only_later_payments_of_the_same_reference_wait()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await PayAsync(rig, "R1", "r1", "R2", "R1", "R2");
        var first = await rig.Receiver.NextAsync(2);
        Assert.Equal([1, 3], Numbers(first));
        first[0].Fail();
        first[1].Deliver();
        var other = await rig.Receiver.NextAsync();
        Assert.Equal(5, other.Sequence);
        other.Deliver();
        await rig.RestedAsync();
        Assert.Equal(0, rig.Receiver.Waiting);
        Assert.Equal(2L, await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT count(*) FROM deliveries WHERE state = 'pending' AND waits AND attempts = 0"));

        // A later one of the reference comes behind them, also when the clock has passed their time.
        rig.Advance(TimeSpan.FromSeconds(10));
        var again = await rig.Receiver.NextAsync();
        Assert.Equal((1, 2), (again.Sequence, again.Number));
        await PayAsync(rig, "R1");
        again.Deliver();
        foreach (var expected in new[] { 2, 4, 6 })
        {
            var next = await rig.Receiver.NextAsync();
            Assert.Equal((expected, 1), (next.Sequence, next.Number));
            next.Deliver();
        }

        await rig.RestedAsync();
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task What_comes_while_another_is_on_its_way_does_not_wait_for_it()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await PayAsync(rig, "R1");
        var first = await rig.Receiver.NextAsync();
        // Nothing ends and no time passes: only the payment itself can wake the lane.
        await PayAsync(rig, "R2");
        var second = await rig.Receiver.NextAsync();
        Assert.Equal((1, 2), (first.Sequence, second.Sequence));
        second.Deliver();
        first.Deliver();
        await rig.RestedAsync();
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task What_another_silo_took_goes_as_soon_as_all_that_was_in_memory_is_on_its_way()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await PayAsync(rig, "R1", "R1");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RestedAsync();
        rig.Advance(TimeSpan.FromSeconds(10));
        var again = await rig.Receiver.NextAsync();
        // The second waits in memory behind it, so nothing is looked for when it ends; and no time passes, nor does anything else end.
        await rig.PayElsewhereAsync("elsewhere", "R2");
        again.Deliver();
        Assert.Equal([2, 3], Numbers(await rig.Receiver.NextAsync(2)));
    }

    [Fact]
    public async Task While_all_wait_for_one_that_is_on_its_way_a_lane_with_the_smallest_page_looks_for_no_more_again_and_again()
    {
        await using var rig = await DeliveryRig.StartWithPageAsync(1);
        for (var number = 1; number <= 3; number++) await rig.PayElsewhereAsync($"P{number}", "R1");
        rig.Advance(TimeSpan.Zero);
        var first = await rig.Receiver.NextAsync();
        // Nothing ends and no time passes, while the database answers so many others.
        for (var other = 0; other < 200; other++) await rig.CountAsync("SELECT count(*) FROM deliveries");
        Assert.InRange(rig.Found, 1, 10);
        first.Deliver();
        foreach (var expected in new[] { 2, 3 })
        {
            var next = await rig.Receiver.NextAsync();
            Assert.Equal(expected, next.Sequence);
            next.Deliver();
        }

        await rig.RestedAsync();
    }

    [Fact]
    public async Task A_backlog_is_read_in_larger_and_larger_pages()
    {
        await using var rig = await DeliveryRig.StartWithPageAsync(8);
        for (var number = 1; number <= 60; number++) await rig.PayElsewhereAsync($"P{number}", null);
        rig.Advance(TimeSpan.Zero);
        List<long> arrived = [];
        while (arrived.Count < 60)
        {
            var next = await rig.Receiver.NextAsync();
            arrived.Add(next.Sequence);
            next.Deliver();
        }

        Assert.Equal(Enumerable.Range(1, 60).Select(number => (long)number), arrived.Order());
        // Four at once would take fifteen looks.
        Assert.InRange(rig.Found, 1, 10);
    }

    [Fact]
    public async Task By_account_everything_later_waits_and_a_dead_one_lets_the_others_go_on()
    {
        await using var rig = await DeliveryRig.StartAsync(new() { Order = DeliveryOrder.Account, RetryWaits = [10] });
        await PayAsync(rig, null, "R1", "R2");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RestedAsync();
        await JournalHost.AssertLawfulAsync(rig.Database);
        Assert.Equal(0, rig.Receiver.Waiting);
        rig.Advance(TimeSpan.FromSeconds(15));
        var last = await rig.Receiver.NextAsync();
        Assert.Equal((1, 2), (last.Sequence, last.Number));
        last.Fail();
        foreach (var expected in new[] { 2, 3 })
        {
            var next = await rig.Receiver.NextAsync();
            Assert.Equal(expected, next.Sequence);
            next.Deliver();
        }

        await rig.RestedAsync();
        var dead = await rig.Deliveries.FindAsync(await rig.DeliveryAsync(1), CancellationToken.None);
        Assert.Equal(("dead", 2), (dead!.State, dead.Attempts));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task Without_order_nothing_waits()
    {
        await using var rig = await DeliveryRig.StartAsync(new() { Order = DeliveryOrder.None });
        await PayAsync(rig, "R1", "R1", "R1");
        var all = await rig.Receiver.NextAsync(3);
        Assert.Equal([1, 2, 3], Numbers(all));
        all[0].Fail();
        all[1].Deliver();
        all[2].Deliver();
        await rig.RestedAsync();
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task An_old_payment_that_is_asked_for_again_goes_before_what_still_waits_and_nothing_else_goes_twice()
    {
        await using var rig = await DeliveryRig.StartAsync(new() { RetryWaits = [1, 3_600] });
        await PayAsync(rig, "R1");
        (await rig.Receiver.NextAsync()).Deliver();
        await PayAsync(rig, "R1", "R1");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RestedAsync();

        await rig.Deliveries.RetryAsync(await rig.DeliveryAsync(1), CancellationToken.None);
        rig.Advance(TimeSpan.FromSeconds(2));
        List<(long, int)> came = [];
        for (var number = 0; number < 3; number++)
        {
            var next = await rig.Receiver.NextAsync();
            came.Add((next.Sequence, next.Number));
            next.Deliver();
        }

        Assert.Equal([(1, 2), (2, 2), (3, 1)], came);
        await rig.RestedAsync();
        Assert.Equal(0, rig.Receiver.Waiting);
    }

    [Fact]
    public async Task What_waits_stays_behind_an_older_one_of_its_reference_that_is_sent_again_after_a_page_of_others()
    {
        const int others = 40; // more than are read at once
        await using var rig = await DeliveryRig.StartAsync(new() { RetryWaits = [1, 3_600] });
        await PayAsync(rig, [.. new string?[others], "R1"]);
        for (var number = 0; number <= others; number++) (await rig.Receiver.NextAsync()).Deliver();
        await PayAsync(rig, "R1");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RestedAsync();

        for (var sequence = 1; sequence <= others + 1; sequence++)
            await rig.Deliveries.RetryAsync(await rig.DeliveryAsync(sequence), CancellationToken.None);
        rig.Advance(TimeSpan.FromSeconds(2));
        List<long> came = [];
        for (var number = 0; number < others + 2; number++)
        {
            var next = await rig.Receiver.NextAsync();
            came.Add(next.Sequence);
            next.Deliver();
        }

        Assert.Equal([others + 1, others + 2], came.Where(sequence => sequence > others));
        await rig.RestedAsync();
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task A_person_who_tries_again_takes_along_what_was_put_off_behind()
    {
        await using var rig = await DeliveryRig.StartAsync(new() { RetryWaits = [36_000] });
        await PayAsync(rig, "R1", "R1");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RestedAsync();
        await rig.Deliveries.RetryAsync(await rig.DeliveryAsync(1), CancellationToken.None);
        rig.Advance(TimeSpan.Zero);
        foreach (var expected in new[] { 1, 2 })
        {
            var next = await rig.Receiver.NextAsync();
            Assert.Equal(expected, next.Sequence);
            next.Deliver();
        }
    }

    [Fact]
    public async Task Another_order_holds_from_now_on()
    {
        await using var rig = await DeliveryRig.StartAsync(new() { Order = DeliveryOrder.Account });
        await PayAsync(rig, "R1", "R2");
        (await rig.Receiver.NextAsync()).Fail(TimeSpan.FromHours(1));
        await rig.RestedAsync();
        Assert.NotNull((await rig.Destinations.ChangeAsync("a0", "hook", DeliveryRig.Draft(), VersionMatch.Any, CancellationToken.None)).Accepted);
        rig.Advance(TimeSpan.Zero);
        var other = await rig.Receiver.NextAsync();
        Assert.Equal(2, other.Sequence);
        other.Deliver();
        await rig.RestedAsync();
    }

    private static readonly Ids Ids = new();

    private static async Task PayAsync(DeliveryRig rig, params string?[] references)
    {
        foreach (var reference in references) await rig.PayAsync($"P{Ids.Next()}", reference);
    }

    private static IEnumerable<long> Numbers(ScriptedAttempt[] attempts) => attempts.Select(attempt => attempt.Sequence);
}
