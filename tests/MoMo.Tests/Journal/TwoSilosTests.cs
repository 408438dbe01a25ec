using MoMo.Domain.Payments;
using MoMo.Engine;
using MoMo.Tests.Support;

namespace MoMo.Tests.Journal;

/// <summary>Law 7: whatever two silos do at the same time to the same accounts, numbers have no gap, and nothing is lost or doubled.</summary>
public sealed class TwoSilosTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Two_silos_hammering_the_same_accounts_are_as_safe_as_one(int accounts)
    {
        var database = await JournalHost.PrepareAsync(accounts);
        await using var one = JournalHost.Start(database);
        await using var other = JournalHost.Start(database);

        // Both bring the same payments in another order, so that each also races for the keys.
        var answers = await Task.WhenAll(Bring(one, 1), Bring(other, -1));

        Assert.Equal(2_000, answers.SelectMany(all => all).Count(answer => !answer.Replayed));
        Assert.Equal(2_000L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        foreach (var twin in answers.SelectMany(all => all).GroupBy(answer => answer.Reference))
            Assert.Single(twin.Select(answer => answer.Id).Distinct());
        await JournalHost.AssertLawfulAsync(database);

        async Task<(string Reference, Guid Id, bool Replayed)[]> Bring(JournalHost silo, int step) => await Task.WhenAll(
            Enumerable.Range(0, 2_000).OrderBy(n => n * step).Select(async n =>
            {
                var taken = (await silo.TakeAsync($"a{n % accounts}", $"R{n}")).Accepted!;
                return ($"R{n}", taken.Payment.Id, taken.Replayed);
            }));
    }

    [Fact]
    public async Task Payments_and_what_leaves_suspense_share_the_numbers_of_an_account_through_whatever_silo()
    {
        const int each = 200;
        var database = await JournalHost.PrepareAsync(1);
        var small = new JournalOptions { BatchMax = 8, PipelineMin = 2 };
        await using var one = JournalHost.Start(database, small);
        await using var other = JournalHost.Start(database, small);
        var lost = await Task.WhenAll(Enumerable.Range(0, each).Select(n => one.TakeAsync(null, $"L{n}")));

        Task[] taking = [.. Enumerable.Range(0, each).Select(n => one.TakeAsync("a0", $"R{n}"))];
        Task[] assigning = [.. lost.Select(payment => other.Accounts.Of("a0").Assign(
            new AssignmentOrder(payment.Accepted!.Payment.Id, "a0", null, "found", "test", TimeProvider.System.GetUtcNow())))];
        await Task.WhenAll([.. taking, .. assigning]);

        Assert.Equal(2L * each, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT sequence FROM account_heads"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_destination_added_through_one_silo_is_seen_by_the_next_turn_of_another()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var one = JournalHost.Start(database);
        await using var other = JournalHost.Start(database);
        await one.TakeAsync("a0", "R1");
        await other.TakeAsync("a0", "R2");

        await JournalHost.AddDestinationAsync(database);
        await one.TakeAsync("a0", "R3");
        await other.TakeAsync("a0", "R4");

        Assert.Equal(2L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM deliveries"));
        Assert.True(await Sql.AskAsync<bool>(database.AppConnectionString, "SELECT due_at <= now() FROM agenda WHERE kind = 'lane'"));
        await JournalHost.AssertLawfulAsync(database);
    }
}
