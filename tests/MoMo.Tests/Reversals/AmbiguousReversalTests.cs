using System.Text;
using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Storage.Journal;
using MoMo.Storage.Reversals;
using MoMo.Tests.Support;

namespace MoMo.Tests.Reversals;

/// <summary>Of several payments with one end-to-end id nobody can tell which a reversal means: it stays orphaned.</summary>
public sealed class AmbiguousReversalTests
{
    [Fact]
    public async Task One_of_two_payments_is_nobodys_whatever_comes_later()
    {
        var database = await JournalHost.PrepareAsync(1);
        List<string> way = [];
        await using var silo = JournalHost.Start(database, around: transaction => new SeenTransaction(transaction, way));
        foreach (var reference in (string[])["R1", "R2"]) await silo.Accounts.Of("a0").Take(Paid(silo, "a0", reference, "E").Arrival);
        var reversal = (await silo.ReverseAsync("V1", null, "1.00", endToEnd: "E")).Accepted!.Reversal;
        Assert.Equal("orphaned", reversal.Status);
        way.Clear();

        await silo.Accounts.Of("a0").Take(Paid(silo, "a0", "R3", "E").Arrival);

        Assert.Equal(["record"], way); // no turn need ask about it any more
        await silo.Accounts.Of("a0").Take(Paid(silo, "a0", "R1", "E").Arrival); // a repeat: the long way
        await silo.Accounts.Of("a0").Take(Paid(silo, "a0", "R4", "E").Arrival);
        Assert.Equal("orphaned", (await new ReversalStore(silo.Database).FindAsync(reversal.Id, CancellationToken.None))!.Status);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Theory]
    [InlineData(1, 0, "accepted")]
    [InlineData(0, 1, "accepted")]
    [InlineData(2, 0, "orphaned")]
    [InlineData(1, 1, "orphaned")]
    [InlineData(0, 2, "orphaned")]
    [InlineData(2, 1, "orphaned")]
    public async Task Payments_that_are_there_and_those_of_the_turn_count_together(int there, int same, string status)
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        for (var n = 0; n < there; n++) await silo.Accounts.Of("a0").Take(Paid(silo, "a0", $"R{n}", "E").Arrival);
        var back = Back(silo, "V1", "E");
        await RunAsync(silo, [.. Enumerable.Range(0, same).Select(n => Paid(silo, "a0", $"S{n}", "E")), back]);
        Assert.Equal(status, back.Decision!.Accepted!.Reversal.Status);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Theory]
    [InlineData(1, "accepted")]
    [InlineData(2, "orphaned")]
    public async Task One_that_waits_is_joined_with_the_first_that_comes_unless_two_come_at_once(int same, string status)
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var early = (await silo.ReverseAsync("V1", null, "1.00", endToEnd: "E")).Accepted!.Reversal;
        await RunAsync(silo, [.. Enumerable.Range(0, same).Select(n => Paid(silo, "a0", $"S{n}", "E"))]);
        await silo.Accounts.Of("a0").Take(Paid(silo, "a0", "R3", "E").Arrival);
        var found = (await new ReversalStore(silo.Database).FindAsync(early.Id, CancellationToken.None))!;
        Assert.Equal((status, status == "accepted" ? 2L : null), (found.Status, found.Sequence));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task One_that_names_its_payment_is_that_ones_whatever_else_has_its_end_to_end_id()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var early = Back(silo, "V1", "E", "S1");
        await RunAsync(silo, [early]);
        var named = Paid(silo, "a0", "S1", null);
        await RunAsync(silo, [Paid(silo, "a0", "S0", "E"), named]);
        var found = (await new ReversalStore(silo.Database).FindAsync(early.Id, CancellationToken.None))!;
        Assert.Equal(named.Arrival.Id, found.PaymentId);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task Two_silos_that_take_one_each_at_once_do_not_both_have_it()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var one = JournalHost.Start(database);
        await using var other = JournalHost.Start(database);
        for (var n = 0; n < 30; n++)
        {
            var id = $"E{n}";
            await one.ReverseAsync($"V{n}", null, "1.00", endToEnd: id);
            await Task.WhenAll(
                one.Accounts.Of(null).Take(Paid(one, null, $"R{n}", id).Arrival), other.Accounts.Of("a0").Take(Paid(other, "a0", $"S{n}", id).Arrival));
        }

        Assert.Equal(0L, await Sql.AskAsync<long>(
            database.AppConnectionString, "SELECT count(*) FROM (SELECT FROM reversal_links GROUP BY reversal_id HAVING count(DISTINCT payment_id) > 1) twice"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Theory]
    [InlineData("""{"end_to_end_id":"E 1"}""", "E 1")]
    [InlineData("""{"a":1, "end_to_end_id" : "E'+ü1"}""", "E'+ü1")]
    [InlineData("""{"end_to_end_id":"NOTPROVIDED"}""", null)]
    [InlineData("""{"end_to_end_id":""}""", null)]
    [InlineData("""{"end_to_end_id":17}""", null)]
    [InlineData("""{"end_to_end_id":"E\u00271"}""", null)]
    [InlineData("""{"end_to_end":"E"}""", null)]
    [InlineData(null, null)]
    public async Task An_id_is_what_the_database_has_for_one(string? metadata, string? id)
    {
        Assert.Equal(id, EndToEnd.Of(metadata));
        if (metadata is null || id is null) return;
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var arrival = silo.Arrival("a0", "R1");
        await silo.Accounts.Of("a0").Take(arrival with { Notice = arrival.Notice with { Metadata = metadata } });
        Assert.Equal("accepted", (await silo.ReverseAsync("V1", null, "1.00", endToEnd: id)).Accepted!.Reversal.Status);
    }

    /// <summary>All in one turn.</summary>
    private static async Task RunAsync(JournalHost silo, AccountCommand[] commands)
    {
        await using var turn = new AccountTurn(() => new TurnTransaction(silo.Database, TimeProvider.System), silo.Ids, TimeProvider.System, static _ => { });
        await turn.RunAsync(commands, TurnPlace.First(), CancellationToken.None);
    }

    private static TakePayment Paid(JournalHost silo, string? account, string reference, string? endToEnd)
    {
        var arrival = silo.Arrival(account, reference);
        return new TakePayment(arrival with
        {
            Notice = arrival.Notice with { Metadata = endToEnd is null ? null : $$"""{"end_to_end_id": "{{endToEnd}}"}""" },
        });
    }

    private static TakeReversal Back(JournalHost silo, string reference, string endToEnd, string? original = null)
    {
        var notice = new ReversalNotice
        {
            Psp = "psp", PspReference = reference, OriginalReference = original, EndToEndId = endToEnd, Amount = Money.Parse("1.00", "KES").Accepted!,
        };
        return new TakeReversal(silo.Ids.Next(), notice, Proof.OfMessage(Encoding.UTF8.GetBytes(reference), "{}"), TimeProvider.System.GetUtcNow(), null);
    }
}
