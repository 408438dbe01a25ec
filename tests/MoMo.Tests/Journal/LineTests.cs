using MoMo.Engine;
using MoMo.Tests.Support;

namespace MoMo.Tests.Journal;

/// <summary>A journal of several lines: what two silos may do at the same time, two lines may.</summary>
public sealed class LineTests
{
    private const int Accounts = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task One_key_is_one_payment_whatever_lines_claim_it_and_numbers_have_no_gap(int lines)
    {
        var database = await JournalHost.PrepareAsync(Accounts);
        await using (var silo = JournalHost.Start(database, new JournalOptions { Lines = lines, BatchMax = 8, PipelineMin = 2, TogetherMax = 4 }))
        {
            // Each key is claimed for three accounts, and for suspense, which are in several lines.
            var answers = await Task.WhenAll(Enumerable.Range(0, 1_200).Select(async n =>
            {
                var account = n % 4 == 3 ? null : $"a{(n / 4 + 5 * (n % 4)) % Accounts}";
                return (Key: n / 4, Answer: await silo.TakeAsync(account, $"R{n / 4}"));
            }));
            foreach (var same in answers.GroupBy(one => one.Key))
            {
                Assert.Single(same, one => one.Answer.Accepted is { Replayed: false });
                Assert.All(same, one => Assert.True(one.Answer.Accepted is not null || one.Answer.Refused!.Code == "payment-differs", $"{one.Answer}"));
            }
        }

        Assert.Equal(300L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_reversal_meets_its_payment_whatever_lines_they_are_in()
    {
        var database = await JournalHost.PrepareAsync(Accounts);
        await using (var silo = JournalHost.Start(database, new JournalOptions { Lines = 4, BatchMax = 8, PipelineMin = 2, TogetherMax = 4 }))
        {
            // Both at once: the one may be decided before the other, or after, or while the other is.
            await Task.WhenAll(Enumerable.Range(0, 200).SelectMany(n => new Task[]
            {
                silo.TakeAsync($"a{n % Accounts}", $"R{n}"), silo.ReverseAsync($"B{n}", $"R{n}"),
            }));
        }

        Assert.Equal(
            (200L, 0L),
            (await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM reversals_now WHERE account_id IS NOT NULL"),
                await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM reversals_now WHERE payment_id IS NULL")));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task An_account_decides_in_the_order_it_was_asked_however_many_lines_there_are()
    {
        const int each = 60;
        var database = await JournalHost.PrepareAsync(Accounts);
        await using (var silo = JournalHost.Start(database, new JournalOptions { Lines = 4, BatchMax = 8, PipelineMin = 2, TogetherMax = 4 }))
        {
            var asked = Enumerable.Range(0, each * Accounts).Select(n => (Account: n % Accounts, Answer: silo.TakeAsync($"a{n % Accounts}", $"R{n}"))).ToArray();
            foreach (var same in asked.GroupBy(one => one.Account))
            {
                var numbers = (await Task.WhenAll(same.Select(one => one.Answer))).Select(answer => answer.Accepted!.Payment.Sequence!.Value);
                Assert.Equal(Enumerable.Range(1, each).Select(number => (long)number), numbers);
            }
        }

        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_line_that_waits_keeps_no_other_line_waiting()
    {
        var database = await JournalHost.PrepareAsync(Accounts);
        await using var silo = JournalHost.Start(database, new JournalOptions { Lines = 4, TogetherMax = 0 });
        Task<Outcome<Domain.Payments.TakenPayment>> waiting;
        Task<Outcome<Domain.Payments.TakenPayment>>[] others;
        await using (await HeldLock.TakeAsync(database.AppConnectionString, "SELECT FROM account_heads WHERE account_id = 'a0' FOR UPDATE"))
        {
            waiting = silo.TakeAsync("a0", "FIRST");
            others = [.. Enumerable.Range(1, Accounts - 1).Select(n => silo.TakeAsync($"a{n}", $"R{n}"))];
            await Eventually.TrueAsync(
                () => others.Any(other => other.IsCompletedSuccessfully), () => "the accounts of other lines; none of them has its answer");
            Assert.False(waiting.IsCompleted);
        }

        Assert.NotNull((await waiting).Accepted);
        Assert.All(await Task.WhenAll(others), answer => Assert.NotNull(answer.Accepted));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task Few_commands_wait_for_another_line_s_turn_and_share_the_next_but_not_for_one_that_is_stuck()
    {
        // Time stands still: nobody is tired of waiting but on our word.
        var clock = new FakeTimeProvider();
        var database = await JournalHost.PrepareAsync(Accounts);
        await using var silo = JournalHost.Start(database, new JournalOptions { Lines = 4, TogetherMax = 64 }, clock);
        Task<Outcome<Domain.Payments.TakenPayment>> first;
        Task<Outcome<Domain.Payments.TakenPayment>>[] others;
        await using (await HoldAsync(database))
        {
            first = silo.TakeAsync("a0", "R0");
            await SeeStuckAsync(database);
            others = Others("R");
        }

        Assert.All(await Task.WhenAll([first, .. others]), answer => Assert.NotNull(answer.Accepted));
        Assert.Equal(2, silo.Journal.Turns);

        await using (await HoldAsync(database))
        {
            first = silo.TakeAsync("a0", "S0");
            await SeeStuckAsync(database);
            others = Others("S");
            await Eventually.TrueAsync(
                () =>
                {
                    clock.Advance(TimeSpan.FromMilliseconds(5));
                    return others.Count(other => other.IsCompletedSuccessfully) >= Accounts / 2;
                },
                () => "the accounts of other lines");
            Assert.False(first.IsCompleted);
        }

        Assert.All(await Task.WhenAll([first, .. others]), answer => Assert.NotNull(answer.Accepted));
        await JournalHost.AssertLawfulAsync(database);

        Task<Outcome<Domain.Payments.TakenPayment>>[] Others(string key) =>
            [.. Enumerable.Range(1, Accounts - 1).Select(n => silo.TakeAsync($"a{n}", $"{key}{n}"))];
        static Task<HeldLock> HoldAsync(TestDatabase database) =>
            HeldLock.TakeAsync(database.AppConnectionString, "SELECT FROM account_heads WHERE account_id = 'a0' FOR UPDATE");
        static Task SeeStuckAsync(TestDatabase database) => Eventually.TrueAsync(
            async () => await Sql.AskAsync<long>(
                database.OwnerConnectionString,
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0,
            () => "the first turn to wait for the lock");
    }

    [Fact]
    public async Task Accounts_whose_names_differ_in_their_last_letters_are_spread_over_the_lines()
    {
        const int many = 16;
        var database = await JournalHost.PrepareAsync(many);
        await using var silo = JournalHost.Start(database, new JournalOptions { Lines = 2, TogetherMax = 0 });
        Task<Outcome<Domain.Payments.TakenPayment>>[] answers;
        await using (await HeldLock.TakeAsync(database.AppConnectionString, "SELECT FROM account_heads WHERE account_id = 'a0' FOR UPDATE"))
        {
            answers = [.. Enumerable.Range(0, many).Select(n => silo.TakeAsync($"a{n}", $"R{n}"))];
            await Eventually.TrueAsync(
                () => answers.Count(answer => answer.IsCompletedSuccessfully) >= many / 4,
                () => $"a quarter in the other line; {answers.Count(answer => answer.IsCompleted)} of {many} have their answers");
            Assert.InRange(answers.Count(answer => answer.IsCompleted), many / 4, many * 3 / 4);
        }

        Assert.All(await Task.WhenAll(answers), answer => Assert.NotNull(answer.Accepted));
    }

    [Fact]
    public async Task A_journal_that_stops_finishes_what_waits_in_all_its_lines()
    {
        var database = await JournalHost.PrepareAsync(Accounts);
        await using var silo = JournalHost.Start(database, new JournalOptions { Lines = 4, WritersMax = 1, BatchMax = 4 });
        Task<Outcome<Domain.Payments.TakenPayment>>[] answers = [.. Enumerable.Range(0, 400).Select(n => silo.TakeAsync($"a{n % Accounts}", $"R{n}"))];
        await silo.Journal.DisposeAsync();
        Assert.Equal(400, silo.Journal.Commands);
        Assert.All(await Task.WhenAll(answers), answer => Assert.NotNull(answer.Accepted));
    }
}
