using MoMo.Engine;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>Whether payments have a reference is found without an index of its own, and without holding the account up.</summary>
public sealed class ReferenceUseTests
{
    /// <summary>20,000 payments of a0: the first two of references of their own, the others of one that is almost the second's.</summary>
    private const string Crowd =
        """
        INSERT INTO payments (id, psp_id, psp_reference, account_id, sequence, reference_id, amount_minor, currency, paid_day_only, received_at,
                proof_pack, proof_position, proof_sha256)
            SELECT gen_random_uuid(), 'psp', 'C' || n, 'a0', n, CASE n WHEN 1 THEN E'\t ÉTÉ ' WHEN 2 THEN 'r-4711' ELSE 'R-47110' END, 100, 'KES', false,
                now(), 1, 0, ''
            FROM generate_series(1, 20000) n;
        UPDATE account_heads SET sequence = 20000 WHERE account_id = 'a0';
        """;

    private const string OneWaits = "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    [Theory]
    [InlineData("été", true)]
    [InlineData("R-4711", true)]
    [InlineData("R-471", false)]
    [InlineData("éta", false)]
    public async Task A_reference_is_found_among_20000_payments_as_references_are_compared(string reference, bool isUsed)
    {
        var database = await PrepareAsync(reference);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        Assert.Equal(isUsed ? "reference-in-use" : null, (await DeleteAsync(source, reference)).Refused?.Code);
        Assert.Equal(isUsed ? 1 : 0, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM account_references"));
    }

    [Fact]
    public async Task What_is_taken_between_the_look_and_the_lock_does_not_slip_through()
    {
        var database = await PrepareAsync("late");
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        await using var connection = await Sql.OpenAsync(database.AppConnectionString);
        await using var turn = await connection.BeginTransactionAsync();
        await DoAsync("SELECT FROM account_heads WHERE account_id = 'a0' FOR UPDATE");
        var deletion = DeleteAsync(source, "late");
        await Eventually.TrueAsync(() => Sql.AskAsync<bool>(database.AppConnectionString, OneWaits), () => "the deletion to wait for the turn");

        await DoAsync(
            """
            INSERT INTO payments (id, psp_id, psp_reference, account_id, sequence, reference_id, amount_minor, currency, paid_day_only, received_at,
                    proof_pack, proof_position, proof_sha256)
                VALUES (gen_random_uuid(), 'psp', 'NEW', 'a0', 20001, 'Late', 100, 'KES', false, now(), 1, 0, '');
            UPDATE account_heads SET sequence = 20001 WHERE account_id = 'a0'
            """);
        await turn.CommitAsync();
        Assert.Equal("reference-in-use", (await deletion).Refused?.Code);

        async Task DoAsync(string statements)
        {
            await using var command = new NpgsqlCommand(statements, connection, turn);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task A_look_that_takes_too_long_refuses_and_holds_no_turn_up_meanwhile()
    {
        var database = await PrepareAsync("slow");
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        Task<Outcome<ReferenceRow>> deletion;
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, "LOCK TABLE payments"))
        {
            deletion = DeleteAsync(source, "slow");
            var looks = $"SELECT count(*) > 0 {HeldLock.Waiting("payments")}";
            await Eventually.TrueAsync(async () => deletion.IsCompleted || await Sql.AskAsync<bool>(database.AppConnectionString, looks), () => "the look");
            Assert.False(deletion.IsCompleted);
            await Sql.DoAsync(database.AppConnectionString, "SELECT FROM account_heads WHERE account_id = 'a0' FOR UPDATE NOWAIT");
            var refusal = (await deletion).Refused!;
            Assert.Equal("reference-in-use", refusal.Code);
            Assert.Contains("could not make sure in time", refusal.Detail, StringComparison.Ordinal);
        }

        Assert.Null((await DeleteAsync(source, "slow")).Refused);
    }

    [Fact]
    public async Task What_follows_the_look_is_not_held_to_its_time()
    {
        var database = await PrepareAsync("held");
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        Task<Outcome<ReferenceRow>> deletion;
        // Reads and locks of rows pass, the deletion of one does not.
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, "LOCK TABLE account_references IN SHARE MODE"))
        {
            deletion = DeleteAsync(source, "held");
            // Longer than an account may be held for a look.
            var waits = $"SELECT count(*) > 0 {HeldLock.Waiting("account_references")} AND waitstart < clock_timestamp() - interval '1 second'";
            await Eventually.TrueAsync(async () => deletion.IsCompleted || await Sql.AskAsync<bool>(database.AppConnectionString, waits), () => "the deletion");
        }

        Assert.Null((await deletion).Refused);
    }

    private static async Task<TestDatabase> PrepareAsync(string reference)
    {
        var database = await JournalHost.PrepareAsync(1);
        await Sql.DoAsync(database.AppConnectionString, Crowd);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        Assert.Null((await new ReferenceStore(source, TimeProvider.System).CreateAsync("a0", reference, null, false, CancellationToken.None)).Refused);
        return database;
    }

    private static Task<Outcome<ReferenceRow>> DeleteAsync(NpgsqlDataSource source, string reference) =>
        new ReferenceStore(source, TimeProvider.System)
            .DeleteAsync("a0", MoMo.Domain.Accounts.Account.Canonical(reference), VersionMatch.Any, CancellationToken.None);
}
