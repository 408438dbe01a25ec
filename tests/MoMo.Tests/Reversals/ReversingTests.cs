using MoMo.Domain.Payments;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;
using MoMo.Storage.Reversals;
using MoMo.Tests.Support;

namespace MoMo.Tests.Reversals;

public sealed class ReversingTests
{
    [Fact]
    public async Task A_reversal_gets_the_next_number_of_the_account_that_has_the_payment_and_a_repeat_the_first_answer()
    {
        var database = await JournalHost.PrepareAsync(2);
        await using var silo = JournalHost.Start(database);
        var payment = (await silo.TakeAsync("a0", "R1")).Accepted!.Payment;
        await silo.TakeAsync("a1", "R2");

        var first = (await silo.ReverseAsync("V1", "R1", "4.00")).Accepted!;
        var again = (await silo.ReverseAsync("V1", "R1", "4.00")).Accepted!;
        var next = (await silo.TakeAsync("a0", "R3")).Accepted!.Payment;

        Assert.Equal(("a0", 2L, payment.Id, "accepted"), (first.Reversal.AccountId, first.Reversal.Sequence, first.Reversal.PaymentId, first.Reversal.Status));
        Assert.True(again.Replayed);
        Assert.Equal((first.Reversal.Id, first.Reversal.Sequence), (again.Reversal.Id, again.Reversal.Sequence));
        Assert.Equal(3, next.Sequence);
        Assert.Equal(1L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM kept_messages WHERE why = 'reversal'"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_repeat_with_another_amount_is_refused_by_name()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        await silo.TakeAsync("a0", "R1");
        await silo.ReverseAsync("V1", "R1", "4.00");
        var refusal = (await silo.ReverseAsync("V1", "R1", "5.00")).Refused!;
        Assert.Equal(("reversal-differs", "amount"), (refusal.Code, Assert.Single(refusal.Faults).Field));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task Parts_add_up_to_the_payment_and_what_exceeds_it_is_held()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var payment = (await silo.TakeAsync("a0", "R1")).Accepted!.Payment;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => silo.ReverseAsync($"V{n}", "R1", "3.00")));
        var foreign = (await silo.ReverseAsync("VX", "R1", "1.00", currency: "UGX")).Accepted!.Reversal;
        var rest = (await silo.ReverseAsync("VR", "R1", "1.00")).Accepted!.Reversal;

        Assert.Equal(3, outcomes.Count(one => one.Accepted!.Reversal.Held is null));
        Assert.All(outcomes.Where(one => one.Accepted!.Reversal.Held is not null), one => Assert.Equal(
            ("reversal-exceeds", null, payment.Id), (one.Accepted!.Reversal.Held, one.Accepted.Reversal.AccountId, one.Accepted.Reversal.PaymentId)));
        Assert.Equal(("currency-differs", null), (foreign.Held, foreign.Sequence));
        Assert.Equal((null, 5L), (rest.Held, rest.Sequence));
        var store = new ReversalStore(silo.Database);
        Assert.Equal(1_000L, (await store.ReversedAsync([payment.Id], CancellationToken.None))[payment.Id]);
        Assert.Equal(3, (await store.ListAsync(new ReversalFilter(Status: "held"), CancellationToken.None)).Accepted!.Count);
        Assert.Equal(4, (await store.ListAsync(new ReversalFilter(AccountId: "a0"), CancellationToken.None)).Accepted!.Count);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task One_that_comes_before_its_payment_waits_and_is_joined_in_the_payments_own_commit()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var early = (await silo.ReverseAsync("V1", "R1", "4.00")).Accepted!.Reversal;
        var tooMuch = (await silo.ReverseAsync("V2", "R1", "7.00")).Accepted!.Reversal;
        Assert.Equal(("orphaned", "orphaned"), (early.Status, tooMuch.Status));
        var store = new ReversalStore(silo.Database);
        Assert.Equal(2, (await store.ListAsync(new ReversalFilter(Status: "orphaned"), CancellationToken.None)).Accepted!.Count);

        var payment = (await silo.TakeAsync("a0", "R1")).Accepted!.Payment;
        var joined = (await store.FindAsync(early.Id, CancellationToken.None))!;
        Assert.Equal((payment.Id, "a0", 2L), (joined.PaymentId, joined.AccountId, joined.Sequence));
        Assert.Equal("reversal-exceeds", (await store.FindAsync(tooMuch.Id, CancellationToken.None))!.Held);
        Assert.Equal(2L, (await silo.ReverseAsync("V1", "R1", "4.00")).Accepted!.Reversal.Sequence);
        Assert.Empty((await store.ListAsync(new ReversalFilter(Status: "orphaned"), CancellationToken.None)).Accepted!);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task One_of_a_payment_in_suspense_stays_with_it_and_goes_along()
    {
        var database = await JournalHost.PrepareAsync(2);
        await using var silo = JournalHost.Start(database);
        await silo.TakeAsync("a1", "R0");
        var early = (await silo.ReverseAsync("V0", "LOST", "1.00")).Accepted!.Reversal;
        var payment = (await silo.TakeAsync(null, "LOST")).Accepted!.Payment;
        var late = (await silo.ReverseAsync("V1", "LOST", "2.00")).Accepted!.Reversal;
        Assert.Equal(("suspense", payment.Id), (late.Status, late.PaymentId));
        var store = new ReversalStore(silo.Database);
        Assert.Equal(2, (await store.ListAsync(new ReversalFilter(Status: "suspense"), CancellationToken.None)).Accepted!.Count);

        await silo.Accounts.Of("a1").Assign(new AssignmentOrder(payment.Id, "a1", "x", "It is theirs.", "test", TimeProvider.System.GetUtcNow()));

        Assert.Equal(3L, (await store.FindAsync(early.Id, CancellationToken.None))!.Sequence);
        Assert.Equal(("a1", 4L), (await store.FindAsync(late.Id, CancellationToken.None)) is { } gone ? (gone.AccountId, gone.Sequence) : default);
        Assert.Equal(5L, (await silo.ReverseAsync("V2", "LOST", "3.00")).Accepted!.Reversal.Sequence);
        Assert.Equal("reversal-exceeds", (await silo.ReverseAsync("V3", "LOST", "5.00")).Accepted!.Reversal.Held);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task An_end_to_end_id_finds_the_one_payment_that_has_it_early_or_late_and_none_of_two()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var early = (await silo.ReverseAsync("V1", null, "4.00", endToEnd: "E-1")).Accepted!.Reversal;
        await TakeAsync("R1", "E-1");
        await TakeAsync("R2", "E-2");
        await TakeAsync("R3", "E-2");

        Assert.Equal(2L, (await new ReversalStore(silo.Database).FindAsync(early.Id, CancellationToken.None))!.Sequence);
        Assert.Equal("accepted", (await silo.ReverseAsync("V2", null, "1.00", endToEnd: "E-1")).Accepted!.Reversal.Status);
        Assert.Equal("orphaned", (await silo.ReverseAsync("V3", null, "1.00", endToEnd: "E-2")).Accepted!.Reversal.Status);
        await JournalHost.AssertLawfulAsync(database);

        Task TakeAsync(string reference, string id)
        {
            var arrival = silo.Arrival("a0", reference);
            return silo.Accounts.Of("a0").Take(arrival with { Notice = arrival.Notice with { Metadata = $$"""{"end_to_end_id": "{{id}}"}""" } });
        }
    }

    [Fact]
    public async Task Payments_and_reversals_of_two_silos_at_once_find_each_other_and_leave_no_gap()
    {
        var database = await JournalHost.PrepareAsync(3);
        await using var one = JournalHost.Start(database);
        await using var other = JournalHost.Start(database);

        await Task.WhenAll(Enumerable.Range(0, 400).SelectMany(n => new Task[]
        {
            (n % 2 == 0 ? one : other).TakeAsync(n % 5 == 4 ? null : $"a{n % 3}", $"R{n}"),
            (n % 3 == 0 ? one : other).ReverseAsync($"V{n}", $"R{n}", n % 7 == 0 ? "11.00" : "6.00"),
            (n % 4 == 0 ? one : other).ReverseAsync($"V{n}", $"R{n}", n % 7 == 0 ? "11.00" : "6.00"),
            (n % 5 == 0 ? one : other).ReverseAsync($"W{n}", $"R{n}", "6.00"),
        }));

        Assert.Equal(800L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM reversals"));
        Assert.Equal(0L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM reversals_now WHERE payment_id IS NULL"));
        Assert.Equal(400L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM reversals_now WHERE held IS NOT NULL"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task The_destinations_are_told_with_the_payment_and_in_its_order()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var destinations = new DestinationStore(silo.Database, static (_, text) => text, TimeProvider.System);
        Assert.NotNull((await destinations.CreateAsync(
            "a0", "hook", DestinationDraft.Webhook("http://127.0.0.1:1/hook"), NewSecret.Hmac(), CancellationToken.None)).Accepted);
        var payment = (await silo.TakeAsync("a0", "R1")).Accepted!.Payment;
        var reversal = (await silo.ReverseAsync("V1", "R1", "4.00")).Accepted!.Reversal;
        await silo.ReverseAsync("V2", "R1", "40.00");

        var lanes = new LaneStore(silo.Database, TimeProvider.System, static (_, text) => text);
        var lane = await Sql.AskAsync<long>(database.AppConnectionString, "SELECT lane FROM destinations");
        var due = (await lanes.DueAsync(lane, Domain.Deliveries.DeliveryOrder.Account, 10, Domain.Deliveries.HeldDeliveries.None, CancellationToken.None)).Deliveries;
        Assert.Equal([(1L, null), (2L, reversal.Id)], due.Select(one => (one.Sequence, one.Reversal?.Id)));
        Assert.All(due, one => Assert.Equal(payment.Id, one.Payment!.Id));
        var deliveries = new DeliveryStore(silo.Database, TimeProvider.System);
        var listed = (await deliveries.ListAsync(new Domain.Deliveries.DeliveryFilter { AccountId = "a0" }, null, 10, CancellationToken.None)).Accepted!;
        Assert.Equal([2L, 1L], listed.Select(one => one.Sequence));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task The_database_refuses_to_change_what_was_taken_back()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        await silo.ReverseAsync("V1", "R1", "4.00");
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Sql.DoAsync(database.OwnerConnectionString, "UPDATE reversals SET amount_minor = 1"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Sql.DoAsync(database.OwnerConnectionString, "DELETE FROM reversals"));
    }
}
