using MoMo.Domain.Payments;
using MoMo.Storage;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>What <c>momo verify</c> finds that nothing else would ever tell of.</summary>
public sealed class VerificationTests : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async Task InitializeAsync()
    {
        database = await JournalHost.PrepareAsync(1);
        await JournalHost.AddDestinationAsync(database);
        await using var silo = JournalHost.Start(database);
        await silo.TakeAsync("a0", "R1");
        await silo.ReverseAsync("V1", "R1", "4.00");
        var lost = (await silo.TakeAsync(null, "R2")).Accepted!.Payment;
        await silo.Accounts.Of("a0").Assign(new AssignmentOrder(lost.Id, "a0", null, "Theirs.", "test", TimeProvider.System.GetUtcNow()));
        await JournalHost.AssertLawfulAsync(database);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("DELETE FROM delivery_rows WHERE event_id IS NULL", "Every payment that left suspense,", ", payment ")]
    [InlineData("DELETE FROM delivery_rows WHERE event_id IS NOT NULL", "Every payment that left suspense,", ", reversal ")]
    [InlineData("INSERT INTO suspended SELECT id FROM payments WHERE account_id IS NULL", "What waits in suspense is counted,", "-")]
    [InlineData("DELETE FROM agenda WHERE kind = 'lane'", "Every lane is on the agenda,", " has no row")]
    [InlineData("UPDATE agenda SET leased_until = now() + interval '2 hours' WHERE kind = 'lane'", "Every lane is on the agenda,", " is held until ")]
    public async Task What_would_never_be_delivered_is_found(string act, string law, string first)
    {
        await Sql.DoAsync(database.OwnerConnectionString, act);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        var (_, checks) = await new Verification(source).RunAsync(CancellationToken.None);
        var found = Assert.Single(checks, check => check.Broken > 0);
        Assert.StartsWith(law, found.Law, StringComparison.Ordinal);
        Assert.Contains(first, found.First, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE destinations SET events = '{payment.accepted}'; DELETE FROM delivery_rows")]
    [InlineData("UPDATE destinations SET currencies = '{UGX}'; DELETE FROM delivery_rows")]
    [InlineData("UPDATE lane_marks SET since = 3, mark = 3; DELETE FROM delivery_rows")]
    [InlineData("""
        WITH g AS (UPDATE agenda SET leased_until = now() + interval '2 hours' WHERE kind = 'lane' RETURNING key, leased_until)
        INSERT INTO lane_states (lane, rest_until) SELECT key::bigint, leased_until FROM g
        """)]
    public async Task What_a_destination_is_not_told_of_or_rests_from_is_no_fault(string act)
    {
        await Sql.DoAsync(database.OwnerConnectionString, act);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task While_proofs_are_hashed_no_snapshot_is_kept()
    {
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        Task verification;
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, "LOCK TABLE kept_messages IN ACCESS EXCLUSIVE MODE"))
        {
            verification = new Verification(source).RunAsync(CancellationToken.None);
            await Eventually.TrueAsync(
                () => Sql.AskAsync<bool>(database.OwnerConnectionString, $"SELECT count(*) > 0 {HeldLock.Waiting("kept_messages")}"), () => "the hashing to wait");
            // A transaction holds what it read from until it ends.
            Assert.Equal(0L, await Sql.AskAsync<long>(
                database.OwnerConnectionString,
                """
                SELECT count(*) FROM pg_locks WHERE relation IN ('destinations'::regclass, 'account_heads'::regclass)
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """));
        }

        await verification;
    }
}
