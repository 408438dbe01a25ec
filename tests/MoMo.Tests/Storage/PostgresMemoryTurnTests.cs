using MoMo.Domain.Accounts;
using MoMo.Domain.Proofs;
using MoMo.Domain.Turns;
using MoMo.Engine;
using MoMo.Storage.Journal;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>What PostgreSQL keeps of what stores promise to turns that were decided from memory.</summary>
public sealed class PostgresMemoryTurnTests : MemoryTurnSpec
{
    /// <summary>What whoever deletes a PSP holds alone: Locks.Psps.</summary>
    private const long PspsLock = 0x4D6F4D70;

    protected override Task RunAsync(Func<StoreUnderTest, Task> body) => PostgresStore.RunAsync(body);

    [Fact]
    public async Task It_waits_for_who_deletes_a_PSP_and_sees_that_it_is_gone()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        await using var deleter = await source.OpenConnectionAsync();
        await using var transaction = await deleter.BeginTransactionAsync();
        await using (var delete = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({PspsLock}); DELETE FROM psps", deleter)) await delete.ExecuteNonQueryAsync();

        await using var silo = JournalHost.Start(database);
        await using var one = new TurnTransaction(source, TimeProvider.System);
        var facts = await SuspendedAsync(silo, one, "R1");
        var waiting = one.RecordAsync(facts, [], default);
        while (!await Sql.AskAsync<bool>(database.AppConnectionString, "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"))
            Assert.False(waiting.IsCompleted);
        await transaction.CommitAsync();
        Assert.False(await waiting);
    }

    [Fact]
    public async Task It_takes_accounts_in_one_order_however_they_are_listed_and_holds_none_while_it_waits_for_the_first()
    {
        var database = await JournalHost.PrepareAsync(2_000);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        await using var holder = await source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        var first = await LockAsync("ORDER BY account_id LIMIT 1");
        var last = await Sql.AskAsync<string>(database.AppConnectionString, "SELECT max(account_id) FROM account_heads");
        await using var silo = JournalHost.Start(database);
        await using var one = new TurnTransaction(source, TimeProvider.System);
        var facts = await SuspendedAsync(silo, one, "R1");
        var waiting = one.RecordAsync(
            facts, [new MovedAccount(last, await VersionAsync(last), 0, 0), new MovedAccount(first, await VersionAsync(first), 0, 0)], default);
        while (!await Sql.AskAsync<bool>(database.AppConnectionString, "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted)"))
            Assert.False(waiting.IsCompleted);
        Assert.Equal(last, await LockAsync($"WHERE account_id = '{last}'"));
        await transaction.CommitAsync();
        Assert.True(await waiting);

        Task<long> VersionAsync(string account) => Sql.AskAsync<long>(database.AppConnectionString, $"SELECT version FROM account_heads WHERE account_id = '{account}'");

        async Task<string> LockAsync(string which)
        {
            await using var command = new NpgsqlCommand($"SELECT account_id FROM account_heads {which} FOR UPDATE NOWAIT", holder);
            return (string)(await command.ExecuteScalarAsync())!;
        }
    }

    [Fact]
    public async Task What_it_refuses_for_its_data_does_not_spoil_the_connection_for_the_next()
    {
        var database = await JournalHost.PrepareAsync(1);
        var settings = new NpgsqlConnectionStringBuilder(database.AppConnectionString) { MaxAutoPrepare = 10, AutoPrepareMinUsages = 2, MaxPoolSize = 1 };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var silo = JournalHost.Start(database);
        foreach (var reference in (string[])["no\0text", "no\0text", "R1", "no\0text", "R2"])
        {
            await using var one = new TurnTransaction(source, TimeProvider.System);
            var facts = await SuspendedAsync(silo, one, reference);
            if (reference.StartsWith('R')) Assert.True(await one.RecordAsync(facts, [], default));
            else Assert.IsType<TurnPoisonedException>(await StoreUnderTest.FaultAsync(one, () => one.RecordAsync(facts, [], default)));
        }
    }

    /// <summary>A turn of one payment that nobody owns.</summary>
    private static async Task<TurnFacts> SuspendedAsync(JournalHost silo, TurnTransaction one, string reference)
    {
        var arrival = silo.Arrival(null, reference);
        var facts = new TurnFacts { At = arrival.ReceivedAt, PackId = await one.NextPackAsync(default) };
        facts.Payments.Add(AccountActor.Suspend(arrival, new ProofLink(arrival.Proof.Sha256, facts.PackId, 0, null), null));
        return facts;
    }
}
