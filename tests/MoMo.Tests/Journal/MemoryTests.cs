using MoMo.Domain.Payments;
using MoMo.Engine;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Journal;

/// <summary>Law 7 in turns that are decided from memory: it saves time where it is right, and never decides.</summary>
public sealed class MemoryTests
{
    [Fact]
    public async Task An_account_that_this_silo_decided_for_last_is_decided_for_from_memory()
    {
        var database = await JournalHost.PrepareAsync(2);
        List<string> way = [];
        await using var silo = JournalHost.Start(database, around: transaction => new SeenTransaction(transaction, way));
        Assert.Equal(1, await NumberAsync(silo, "a0", "R1"));
        Assert.Equal(["begin"], Taken(way));

        Assert.Equal(2, await NumberAsync(silo, "a0", "R2"));
        Assert.Equal(3, await NumberAsync(silo, "a0", "R3"));
        Assert.Null(await NumberAsync(silo, null, "S1"));
        Assert.Equal(["record", "record", "record"], Taken(way));

        Assert.Equal(1, await NumberAsync(silo, "a1", "R4"));
        Assert.Equal(["begin"], Taken(way));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task It_knows_the_numbers_that_went_to_reversals_and_to_what_left_suspense()
    {
        var database = await JournalHost.PrepareAsync(1);
        List<string> way = [];
        await using var silo = JournalHost.Start(database, around: transaction => new SeenTransaction(transaction, way));
        await NumberAsync(silo, "a0", "R1");
        var lost = (await silo.TakeAsync(null, "S1")).Accepted!.Payment.Id;
        var order = new AssignmentOrder(lost, "a0", null, "found", "test", TimeProvider.System.GetUtcNow());
        Assert.Equal(2, (await silo.Accounts.Of("a0").Assign(order)).Accepted!.Payment.Sequence);
        Taken(way);
        Assert.Equal(3, await NumberAsync(silo, "a0", "R2"));
        Assert.Equal(["record"], Taken(way));

        Assert.Equal(4, (await silo.ReverseAsync("V1", "R1")).Accepted!.Reversal.Sequence);
        Taken(way);
        Assert.Equal(5, await NumberAsync(silo, "a0", "R3"));
        Assert.Equal(["record"], Taken(way));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task What_another_silo_did_is_seen_and_memory_is_asked_less_often_for_a_while()
    {
        var database = await JournalHost.PrepareAsync(1);
        List<string> way = [];
        await using var silo = JournalHost.Start(database, around: transaction => new SeenTransaction(transaction, way));
        await using var other = JournalHost.Start(database);
        await NumberAsync(silo, "a0", "R1");
        await NumberAsync(other, "a0", "R2");
        Taken(way);
        Assert.Equal(3, await NumberAsync(silo, "a0", "R3"));
        Assert.Equal(["record", "wrong", "begin"], Taken(way));
        Assert.Equal(4, await NumberAsync(silo, "a0", "R4"));
        Assert.Equal(["begin"], Taken(way));
        Assert.Equal(5, await NumberAsync(silo, "a0", "R5"));
        Assert.Equal(["record"], Taken(way));

        var repeat = (await silo.TakeAsync("a0", "R5")).Accepted!;
        Assert.Equal((5L, true), (repeat.Payment.Sequence, repeat.Replayed));
        Assert.Equal(["record", "wrong", "begin"], Taken(way));
        Assert.Equal(6, await NumberAsync(silo, "a0", "R6"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_destination_that_is_new_is_told_though_nobody_else_took_a_payment()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        await NumberAsync(silo, "a0", "R1");
        await NumberAsync(silo, "a0", "R2");
        await JournalHost.AddDestinationAsync(database);
        await NumberAsync(silo, "a0", "R3");
        Assert.True(await Sql.AskAsync<bool>(database.AppConnectionString, "SELECT due_at <= now() FROM agenda WHERE kind = 'lane'"));
        Assert.Single(silo.Woken);
    }

    [Fact]
    public async Task An_account_that_was_deleted_and_made_again_is_another_one()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        await Sql.DoAsync(database.AppConnectionString, "UPDATE accounts SET archived = true");
        Assert.Null(await NumberAsync(silo, "a0", "R1"));
        await Sql.DoAsync(
            database.AppConnectionString,
            "DELETE FROM accounts; INSERT INTO accounts (id, name, created_at) VALUES ('a0', 'Again', now()); INSERT INTO account_heads (account_id) VALUES ('a0')");
        Assert.Equal(1, await NumberAsync(silo, "a0", "R2"));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_record_that_nobody_knows_the_end_of_changes_nothing_in_memory()
    {
        var database = await JournalHost.PrepareAsync(1);
        List<string> way = [];
        Queue<Exception> faults = [];
        await using var silo = JournalHost.Start(database, around: transaction => new SeenTransaction(transaction, way, faults));
        await NumberAsync(silo, "a0", "R1");
        Taken(way);
        faults.Enqueue(new NpgsqlException("The database went away.", new TimeoutException()));
        await Assert.ThrowsAsync<HubBusyException>(() => silo.TakeAsync("a0", "R2"));
        Assert.Equal(2, await NumberAsync(silo, "a0", "R2"));
        Assert.Equal(["record", "record"], Taken(way));
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task A_turn_goes_the_long_way_on_a_connection_that_was_cut_while_it_was_idle()
    {
        var database = await JournalHost.PrepareAsync(1);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var silo = JournalHost.Start(database, clock: clock);
        await NumberAsync(silo, "a0", "R1");
        await NumberAsync(silo, "a0", "R2");
        await Sql.DoAsync(
            database.OwnerConnectionString,
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.Name}' AND pid <> pg_backend_pid()");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(3, await NumberAsync(silo, "a0", "R3"));
        await JournalHost.AssertLawfulAsync(database);
    }

    private static async Task<long?> NumberAsync(JournalHost silo, string? account, string reference) =>
        (await silo.TakeAsync(account, reference)).Accepted!.Payment.Sequence;

    /// <summary>What was seen since the last time.</summary>
    private static string[] Taken(List<string> way)
    {
        string[] taken = [.. way];
        way.Clear();
        return taken;
    }
}
