using System.Text;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Storage.Journal;
using MoMo.Storage.Payments;
using MoMo.Tests.Support;

namespace MoMo.Tests.Reversals;

/// <summary>Payments that are taken from an account they do not belong to.</summary>
public sealed class UnlinkingTests
{
    [Fact]
    public async Task The_account_gives_back_by_its_next_number_and_the_money_stands_in_suspense()
    {
        var database = await JournalHost.PrepareAsync(2);
        await using var silo = JournalHost.Start(database);
        var payment = (await silo.TakeAsync("a0", "R1")).Accepted!.Payment;

        var first = (await UnlinkAsync(silo, payment)).Accepted!;
        var again = (await UnlinkAsync(silo, payment)).Accepted!;
        var repeat = (await silo.TakeAsync("a0", "R1")).Accepted!;

        Assert.False(first.Replayed);
        Assert.True(again.Replayed);
        Assert.Equal(first.Unlinking.PaymentId, again.Unlinking.PaymentId);
        Assert.Equal((true, payment.Id), (repeat.Replayed, repeat.Payment.Id));
        var rest = await FindAsync(silo, first.Unlinking.PaymentId);
        Assert.Equal((null, null, "R1", payment.Notice.Amount), (rest.AccountId, rest.Sequence, rest.Notice.PspReference, rest.Notice.Amount));
        Assert.Equal(2L, await AskAsync(database, $"SELECT sequence FROM reversals WHERE id = '{first.Unlinking.ReversalId}' AND account_id = 'a0' AND payment_id = '{payment.Id}'"));
        Assert.Equal(3, (await silo.TakeAsync("a0", "R2")).Accepted!.Payment.Sequence);

        var assigned = (await AssignAsync(silo, rest.Id, "a1")).Accepted!.Payment;
        Assert.Equal(("a1", 1L), (assigned.AccountId, assigned.Sequence));
        var listed = (await new PaymentStore(silo.Database).ListAsync(new PaymentFilter(Psp: "psp", PspReference: "R1"), default)).Accepted!;
        Assert.Equal([rest.Id, payment.Id], listed.Select(one => one.Id));
        Assert.Equal(rest.Id, Assert.Single((await new PaymentStore(silo.Database).ListAsync(new PaymentFilter(AccountId: "a1", Psp: "psp", PspReference: "R1"), default)).Accepted!).Id);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task What_the_psp_takes_back_afterwards_is_taken_from_whoever_has_it_now()
    {
        var database = await JournalHost.PrepareAsync(3);
        await using var silo = JournalHost.Start(database);
        var payment = (await silo.TakeAsync("a0", "R1")).Accepted!.Payment;
        await silo.ReverseAsync("V1", "R1", "1.00");
        var second = await FindAsync(silo, (await UnlinkAsync(silo, payment)).Accepted!.Unlinking.PaymentId);
        Assert.Equal("9.00", second.Notice.Amount.ToText());

        await AssignAsync(silo, second.Id, "a1");
        var ofSecond = (await silo.ReverseAsync("V2", "R1", "2.00")).Accepted!.Reversal;
        Assert.Equal(("a1", second.Id), (ofSecond.AccountId, ofSecond.PaymentId));

        var third = await FindAsync(silo, (await UnlinkAsync(silo, await FindAsync(silo, second.Id))).Accepted!.Unlinking.PaymentId);
        Assert.Equal("7.00", third.Notice.Amount.ToText());
        var inSuspense = (await silo.ReverseAsync("V3", "R1", "3.00")).Accepted!.Reversal;
        Assert.Equal((null, third.Id), (inSuspense.AccountId, inSuspense.PaymentId));
        await AssignAsync(silo, third.Id, "a2");
        Assert.Equal(1L, await AskAsync(database, $"SELECT count(*) FROM reversals_now WHERE id = '{inSuspense.Id}' AND account_id = 'a2'"));
        Assert.Equal("reversal-exceeds", (await silo.ReverseAsync("V4", "R1", "4.01")).Accepted!.Reversal.Held);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task An_end_to_end_id_still_names_one_payment()
    {
        var database = await JournalHost.PrepareAsync(2);
        await using var silo = JournalHost.Start(database);
        var payment = await TakeAsync(silo, "R1", "E-1");
        var rest = (await UnlinkAsync(silo, payment)).Accepted!.Unlinking.PaymentId;
        Assert.Equal(rest, (await silo.ReverseAsync("V1", null, "1.00", endToEnd: "E-1")).Accepted!.Reversal.PaymentId);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task Of_many_orders_at_two_silos_one_is_done_and_reversals_beside_it_find_their_payment()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        await using var other = JournalHost.Start(database);
        var payment = (await silo.TakeAsync("a0", "R1")).Accepted!.Payment;
        var orders = Task.WhenAll(Enumerable.Range(0, 20).Select(n => UnlinkAsync(n % 2 == 0 ? silo : other, payment)));
        var reversals = Task.WhenAll(Enumerable.Range(0, 10).Select(n => (n % 2 == 0 ? silo : other).ReverseAsync($"V{n}", "R1", "1.00")));
        Assert.Single(await orders, one => !one.Accepted!.Replayed);
        Assert.Single((await orders).Select(one => one.Accepted!.Unlinking.PaymentId).Distinct());
        Assert.All(await reversals, one => Assert.Null(one.Accepted!.Reversal.Held));
        Assert.Equal(1_000L, await AskAsync(database, "SELECT sum(amount_minor)::bigint FROM reversals_now WHERE psp_reference LIKE 'V%'"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task Nothing_is_taken_of_what_was_taken_back_or_is_nobodys()
    {
        var database = await JournalHost.PrepareAsync(2);
        await using var silo = JournalHost.Start(database);
        var payment = (await silo.TakeAsync("a0", "R1")).Accepted!.Payment;
        Assert.Equal("payment-in-suspense", (await UnlinkAsync(silo, payment, "a1")).Refused!.Code);
        await silo.ReverseAsync("V1", "R1");
        Assert.Equal("payment-reversed", (await UnlinkAsync(silo, payment)).Refused!.Code);
        Assert.Equal("payment-unknown", (await UnlinkAsync(silo, payment with { Id = silo.Ids.Next() })).Refused!.Code);
        Assert.Equal(0L, await AskAsync(database, "SELECT count(*) FROM unlinkings"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_reversal_in_the_same_turn_is_of_what_stands_for_the_payment_and_two_of_one_id_stay_two()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var (one, other) = (await TakeAsync(silo, "R1", "E-1"), await TakeAsync(silo, "R2", "E-2"));
        await TakeAsync(silo, "R3", "E-2");
        var turn = new AccountTurn(() => new TurnTransaction(silo.Database, TimeProvider.System), silo.Ids, TimeProvider.System, _ => { });
        var unlinks = new[] { one, other }.Select(payment => new UnlinkPayment(Order(silo, payment))).ToArray();
        TakeReversal[] reversals = [silo.Reversal("V1", "R1", "1.00"), silo.Reversal("V2", null, "1.00", "E-1"), silo.Reversal("V3", null, "1.00", "E-2")];
        await turn.RunAsync([.. unlinks, .. reversals], TurnPlace.First(), default);
        await turn.DisposeAsync();

        var rest = unlinks[0].Decision!.Accepted!.Unlinking.PaymentId;
        Assert.Equal([rest, rest, null], reversals.Select(reversal => reversal.Decision!.Accepted!.Reversal.PaymentId));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task What_goes_back_to_the_same_account_gets_its_next_number()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var payment = (await silo.TakeAsync("a0", "R1")).Accepted!.Payment;
        var rest = (await UnlinkAsync(silo, payment)).Accepted!.Unlinking.PaymentId;
        Assert.Equal(3L, (await AssignAsync(silo, rest, "a0")).Accepted!.Payment.Sequence);
        var listed = (await new PaymentStore(silo.Database).ListAsync(new PaymentFilter(AccountId: "a0", Psp: "psp", PspReference: "R1"), default)).Accepted!;
        Assert.Equal([rest, payment.Id], listed.Select(one => one.Id));
        await JournalHost.AssertLawfulAsync(database);
    }

    private static async Task<Payment> TakeAsync(JournalHost silo, string reference, string endToEnd)
    {
        var arrival = silo.Arrival("a0", reference);
        arrival = arrival with { Notice = arrival.Notice with { Metadata = $$"""{"end_to_end_id":"{{endToEnd}}"}""" } };
        return (await silo.Accounts.Of("a0").Take(arrival)).Accepted!.Payment;
    }

    private static Task<Outcome<UnlinkedPayment>> UnlinkAsync(JournalHost silo, Payment payment, string? account = null) =>
        silo.Accounts.Of(payment.AccountId).Unlink(Order(silo, payment, account));

    private static UnlinkOrder Order(JournalHost silo, Payment payment, string? account = null) => new(
        payment.Id, account ?? payment.AccountId!, silo.Ids.Next(), silo.Ids.Next(), "It was another's.", "admin", TimeProvider.System.GetUtcNow(),
        Proof.OfMessage(Encoding.UTF8.GetBytes($"unlink {payment.Id}"), "{}"));

    private static Task<Outcome<TakenPayment>> AssignAsync(JournalHost silo, Guid payment, string account) =>
        silo.Accounts.Of(account).Assign(new AssignmentOrder(payment, account, null, "It is theirs.", "admin", TimeProvider.System.GetUtcNow()));

    private static async Task<Payment> FindAsync(JournalHost silo, Guid id) => (await new PaymentStore(silo.Database).FindAsync(id, default))!;

    private static Task<long> AskAsync(TestDatabase database, string sql) => Sql.AskAsync<long>(database.AppConnectionString, sql);
}
