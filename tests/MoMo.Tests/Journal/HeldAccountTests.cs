using MoMo.Domain.Payments;
using MoMo.Engine;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Journal;

/// <summary>Somebody outside who holds an account for longer than turns wait: its payments fail as busy, the others' are taken.</summary>
public sealed class HeldAccountTests
{
    private const int Accounts = 16;

    [Fact]
    public async Task An_account_that_is_held_for_long_takes_no_other_account_with_it_and_nothing_twice()
    {
        var database = await JournalHost.PrepareAsync(Accounts);
        await using var silo = Start(database);
        Task<Outcome<TakenPayment>>[] held;
        Task<Outcome<TakenPayment>>[] others;
        await using (await HeldLock.TakeAsync(database.AppConnectionString, "SELECT FROM account_heads WHERE account_id = 'a0' FOR UPDATE"))
        {
            // The first turn waits alone; what comes meanwhile is one batch, in which the account stands among the others.
            held = [silo.TakeAsync("a0", "FIRST"), silo.TakeAsync("a0", "SECOND"), silo.TakeAsync("a0", "THIRD")];
            others = [.. Enumerable.Range(1, Accounts - 1).SelectMany(n => new[] { silo.TakeAsync($"a{n}", $"R{n}"), silo.TakeAsync($"a{n}", $"S{n}") })];
            held = [.. held, silo.TakeAsync("a0", "FOURTH")];
            Assert.All(await Task.WhenAll(others), answer => Assert.False(answer.Accepted!.Replayed));
            foreach (var one in held) await Assert.ThrowsAsync<HubBusyException>(() => one);
        }

        Assert.Equal(Enumerable.Range(0, others.Length).Select(n => n % 2 + 1L), others.Select(answer => answer.Result.Accepted!.Payment.Sequence!.Value));
        Assert.Equal(others.Length, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        Assert.Equal(1, (await silo.TakeAsync("a0", "SECOND")).Accepted!.Payment.Sequence);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task What_holds_all_accounts_fails_them_all_and_nothing_is_recorded()
    {
        var database = await JournalHost.PrepareAsync(Accounts);
        await using var silo = Start(database);
        await using (await HeldLock.TakeAsync(database.AppConnectionString, "SELECT FROM account_heads FOR UPDATE"))
        {
            Task<Outcome<TakenPayment>>[] held = [.. Enumerable.Range(0, 4 * Accounts).Select(n => silo.TakeAsync($"a{n % Accounts}", $"R{n}"))];
            foreach (var one in held) await Assert.ThrowsAsync<HubBusyException>(() => one);
        }

        Assert.Equal(0L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        Assert.Equal(1, (await silo.TakeAsync("a0", "R0")).Accepted!.Payment.Sequence);
        await JournalHost.AssertLawfulAsync(database);
    }

    /// <summary>One line with one writer, whose turns wait for a lock a moment only.</summary>
    private static JournalHost Start(TestDatabase database)
    {
        var impatient = new NpgsqlConnectionStringBuilder(database.AppConnectionString) { Options = "-c lock_timeout=50ms" }.ConnectionString;
        return JournalHost.Start(database with { AppConnectionString = impatient }, new JournalOptions { Lines = 1, WritersMax = 1, RetriesMax = 2 });
    }
}
