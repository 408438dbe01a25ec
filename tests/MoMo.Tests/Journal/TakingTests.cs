using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Engine;
using MoMo.Storage.Payments;
using MoMo.Tests.Support;

namespace MoMo.Tests.Journal;

public sealed class TakingTests
{
    [Fact]
    public async Task An_account_numbers_its_payments_from_one_and_a_repeat_gets_the_first_answer()
    {
        var database = await JournalHost.PrepareAsync(2);
        await using var silo = JournalHost.Start(database);

        var first = (await silo.TakeAsync("a0", "R1")).Accepted!;
        var second = (await silo.TakeAsync("a0", "R2")).Accepted!;
        var other = (await silo.TakeAsync("a1", "R3")).Accepted!;
        var again = (await silo.TakeAsync("a0", "R1")).Accepted!;

        Assert.Equal((1, 2, 1), (first.Payment.Sequence, second.Payment.Sequence, other.Payment.Sequence));
        Assert.True(again.Replayed);
        Assert.Equal(first.Payment.Id, again.Payment.Id);
        Assert.Equal(1, again.Payment.Sequence);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_repeat_with_another_amount_is_refused_by_name_and_its_bytes_are_kept()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        await silo.TakeAsync("a0", "R1", "10.00");

        var refusal = (await silo.TakeAsync("a0", "R1", "11.00")).Refused!;

        Assert.Equal("payment-differs", refusal.Code);
        Assert.Equal(["amount"], refusal.Faults.Select(fault => fault.Field));
        Assert.Equal("payment-differs", await Sql.AskAsync<string>(database.AppConnectionString, "SELECT why FROM kept_messages"));
        Assert.Equal(1L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        Assert.Equal("a0", (await silo.TakeAsync("a0", "R2")).Accepted!.Payment.AccountId);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task Five_hundred_callers_with_one_payment_get_one_effect_and_one_answer()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => silo.TakeAsync("a0", "SAME")));

        Assert.Equal(1, answers.Count(answer => !answer.Accepted!.Replayed));
        Assert.Single(answers.Select(answer => answer.Accepted!.Payment.Id).Distinct());
        await silo.TakeAsync("a0", "NEXT");
        Assert.Equal(2L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT max(sequence) FROM payments"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_duplicate_found_at_the_commit_leaves_no_gap()
    {
        var database = await JournalHost.PrepareAsync(3);
        await using var silo = JournalHost.Start(database);

        // Every third is a repeat of one before, all at once, so that repeats and new ones share turns.
        await Task.WhenAll(Enumerable.Range(0, 3_000).Select(n => silo.TakeAsync($"a{n / 3 % 3}", n % 3 == 2 ? $"R{n - 1}" : $"R{n}")));

        Assert.Equal(2_000L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task What_nobody_owns_is_kept_in_suspense_and_assigned_once()
    {
        var database = await JournalHost.PrepareAsync(2);
        await using var silo = JournalHost.Start(database);
        var payment = (await silo.TakeAsync(null, "LOST")).Accepted!.Payment;
        Assert.Null(payment.AccountId);

        var orders = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => silo.Accounts.Of($"a{n % 2}").Assign(
            new AssignmentOrder(payment.Id, $"a{n % 2}", null, "found by hand", "test", TimeProvider.System.GetUtcNow()))));

        var owner = orders.First(one => one.Accepted is not null).Accepted!.Payment.AccountId;
        Assert.All(orders, one => Assert.True(one.Accepted?.Payment.AccountId == owner || one.Refused?.Code == "payment-not-in-suspense"));
        Assert.Equal(1, orders.Count(one => one.Accepted is { Replayed: false }));
        Assert.Equal(1L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM assignments"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_payment_to_an_account_that_is_gone_is_kept_in_suspense_with_the_reason()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);

        var payment = (await silo.TakeAsync("gone", "R1")).Accepted!.Payment;

        Assert.Null(payment.AccountId);
        Assert.Contains(payment.Decision.Trace, finding => finding.Detail is { } detail && detail.Contains("gone", StringComparison.Ordinal));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task The_proof_comes_back_byte_for_byte()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var taken = await Task.WhenAll(Enumerable.Range(0, 200).Select(async n =>
            (Arrival: silo.Arrival("a0", $"R{n}"), Taken: await silo.TakeAsync("a0", $"R{n}"))));

        var store = new PaymentStore(silo.Database);
        foreach (var (arrival, outcome) in taken)
        {
            var payment = (await store.FindAsync(outcome.Accepted!.Payment.Id, CancellationToken.None))!;
            var (_, body) = (await store.FindMessageAsync(payment, CancellationToken.None))!.Value;
            Assert.Equal(arrival.Proof.Body.ToArray(), body);
            Assert.Equal(arrival.Proof.Sha256, payment.Proof.Sha256);
        }
    }

    [Fact]
    public async Task A_message_that_made_no_payment_is_kept_once()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        for (var time = 0; time < 3; time++)
        {
            var keep = new KeepProof(Proof.OfMessage("rubbish"u8.ToArray(), "{}"), "psp", null, "malformed-json", TimeProvider.System.GetUtcNow());
            silo.Journal.Submit(keep);
            Assert.NotNull((await keep.Answered).Accepted!.Pack);
        }

        Assert.Equal(1L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM kept_messages"));
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_at_once_and_nothing_is_lost()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database, new JournalOptions { QueueMax = 50, WritersMax = 1, BatchMax = 10 });

        var tasks = Enumerable.Range(0, 2_000).Select(async n =>
        {
            try
            {
                return (await silo.TakeAsync("a0", $"R{n}")).Accepted is not null;
            }
            catch (HubBusyException e)
            {
                Assert.True(e.RetryAfter > TimeSpan.Zero);
                return false;
            }
        }).ToArray();
        var taken = (await Task.WhenAll(tasks)).Count(accepted => accepted);

        Assert.InRange(taken, 50, 1_999);
        Assert.Equal(taken, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task What_waits_holds_no_more_bytes_than_it_may()
    {
        const int share = 100_000 / 1_024; // each payment counts for that at least
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database, new JournalOptions { Lines = 2, QueueBytesMax = 200_000, WritersMax = 1 });
        Task<bool>[] asked;
        await using (await HeldLock.TakeAsync(database.AppConnectionString, "SELECT FROM account_heads WHERE account_id = 'a0' FOR UPDATE"))
            asked = [.. Enumerable.Range(0, 1_000).Select(IsTakenAsync)];

        // As many wait as one line's share is, behind a turn that took as many.
        Assert.InRange((await Task.WhenAll(asked)).Count(taken => taken), 1, 2 * share);
        await JournalHost.AssertLawfulAsync(database);

        async Task<bool> IsTakenAsync(int number)
        {
            try
            {
                return (await silo.TakeAsync("a0", $"R{number}")).Accepted is not null;
            }
            catch (HubBusyException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task One_command_that_can_not_be_decided_does_not_take_the_others_with_it()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database, new JournalOptions { WritersMax = 1 });
        var arrival = silo.Arrival("a0", "BAD");
        await silo.Accounts.Of("a0").Take(arrival with { Notice = arrival.Notice with { Metadata = "{}" } });

        var repeat = silo.Arrival("a0", "BAD");
        var bad = Assert.ThrowsAsync<TurnPoisonedException>(() => silo.Accounts.Of("a0").Take(repeat with { Notice = repeat.Notice with { Metadata = "{" } }));
        var good = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => silo.TakeAsync("a0", $"R{n}")));

        await bad;
        Assert.All(good, answer => Assert.NotNull(answer.Accepted));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task One_command_that_the_database_refuses_does_not_take_the_others_with_it()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database, new JournalOptions { WritersMax = 1 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async n =>
        {
            try
            {
                return (await silo.TakeAsync("a0", n == 40 ? "no\0text" : $"R{n}")).Accepted is not null;
            }
            catch (TurnPoisonedException)
            {
                return false;
            }
        }));

        Assert.Equal(63, answers.Count(accepted => accepted));
        await JournalHost.AssertLawfulAsync(database);
    }
}
