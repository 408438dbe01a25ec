using MoMo.Storage;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Storage;

/// <summary>A migration of a large hub takes its time, and so does one that somebody else is at.</summary>
public sealed class MigratorTests
{
    private const string Slow = "0014_dead_letters.sql";

    /// <summary>Whether somebody has waited for longer than the limits of a second that the test gives its connection.</summary>
    private const string Waited = """
        SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'
            AND query_start < clock_timestamp() - interval '2 seconds'
        """;

    /// <param name="hold">What keeps it waiting: what silos of before write, or another silo's migration.</param>
    [Theory]
    [InlineData("LOCK TABLE delivery_rows IN ROW EXCLUSIVE MODE")]
    [InlineData("SELECT pg_advisory_xact_lock(x'4D6F4D6F'::bigint)")]
    public async Task It_is_waited_for_beyond_the_limits_of_a_connection(string hold)
    {
        var database = await JournalHost.PrepareAsync(1);
        await Sql.DoAsync(
            database.OwnerConnectionString,
            $"""
            DROP INDEX deliveries_dead_number, deliveries_dead_lane, deliveries_events;
            DELETE FROM schema_migrations WHERE name = '{Slow}';
            """);
        var limited = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { CommandTimeout = 1, Options = "-c statement_timeout=1000" };
        await using var owner = NpgsqlDataSource.Create(limited.ConnectionString);
        Task<IReadOnlyList<string>> migration;
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, hold))
        {
            migration = Migrator.MigrateAsync(owner, CancellationToken.None);
            await Eventually.TrueAsync(
                async () => migration.IsCompleted || await Sql.AskAsync<bool>(database.OwnerConnectionString, Waited), () => "the migration to wait");
        }

        Assert.Equal([Slow], await migration);
    }
}
