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
        List<string> said = [];
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, hold))
        {
            migration = Migrator.MigrateAsync(owner, new Said(said), CancellationToken.None);
            await Eventually.TrueAsync(
                async () => migration.IsCompleted || said.Count > 0 || await Sql.AskAsync<bool>(database.OwnerConnectionString, Waited), () => "the migration to wait");
        }

        Assert.Equal([Slow], await migration);
    }

    [Fact]
    public async Task While_it_waits_for_a_table_the_hub_goes_on_with_it()
    {
        const string write = "LOCK TABLE delivery_rows IN ROW EXCLUSIVE MODE";
        var database = await JournalHost.PrepareAsync(1);
        await Sql.DoAsync(
            database.OwnerConnectionString,
            $"""
            DROP INDEX deliveries_dead_number, deliveries_dead_lane, deliveries_events;
            DELETE FROM schema_migrations WHERE name = '{Slow}';
            """);
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        Task<IReadOnlyList<string>> migration;
        List<string> said = [];
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, write))
        {
            migration = Migrator.MigrateAsync(owner, new Said(said), CancellationToken.None);
            await Eventually.TrueAsync(() => said.Count > 0, () => "the migration to give way");
            await (await HeldLock.TakeAsync(database.OwnerConnectionString, write)).DisposeAsync();
        }

        Assert.Equal([Slow], await migration);
        Assert.StartsWith($"Migration {Slow} waits for somebody who uses its tables", said[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_came_after_the_tables_gets_the_same_rights_and_no_more()
    {
        const string rights = """
            SELECT string_agg(c.relname || ' ' || p.privilege, ', ' ORDER BY c.relname, p.privilege)
            FROM pg_class c CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p (privilege)
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND has_table_privilege('momo_app', c.oid, p.privilege)
            """;
        var database = await PostgresFixture.CreateDatabaseAsync();
        var before = await Sql.AskAsync<string>(database.OwnerConnectionString, rights);
        Assert.Contains("adapter_counts INSERT", before, StringComparison.Ordinal);
        Assert.DoesNotContain("delivery_rows DELETE", before, StringComparison.Ordinal);
        // As if it had not been there: the cluster's roles are those of all tests.
        await Sql.DoAsync(
            database.OwnerConnectionString,
            $"""
            REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {Migrator.RuntimeRole};
            REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {Migrator.RuntimeRole};
            GRANT DELETE ON delivery_rows TO {Migrator.RuntimeRole};
            """);
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        Assert.Empty(await Migrator.MigrateAsync(owner, CancellationToken.None));
        Assert.Equal(before, await Sql.AskAsync<string>(database.OwnerConnectionString, rights));
    }

    [Fact]
    public async Task Why_a_destination_was_paused_becomes_a_word()
    {
        const string words = "0021_pause_reasons.sql";
        var database = await JournalHost.PrepareAsync(1);
        await Sql.DoAsync(
            database.OwnerConnectionString,
            $"""
            DROP INDEX destinations_paused_reason, lane_states_opened;
            DELETE FROM schema_migrations WHERE name = '{words}';
            INSERT INTO destinations (account_id, id, kind, url, secret, paused, paused_reason, created_at) VALUES
                ('a0', '1', 'webhook', 'http://1', 's', true, 'The receiver answered 410 Gone.', now()),
                ('a0', '2', 'webhook', 'http://2', 's', true, 'failing', now()),
                ('a0', '3', 'webhook', 'http://3', 's', true, NULL, now());
            """);
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        Assert.Equal([words], await Migrator.MigrateAsync(owner, CancellationToken.None));
        Assert.Equal(
            "gone failing -",
            await Sql.AskAsync<string>(database.AppConnectionString, "SELECT string_agg(coalesce(paused_reason, '-'), ' ' ORDER BY id) FROM destinations"));
    }

    [Fact]
    public async Task A_mark_that_passed_what_was_never_sent_goes_back_and_the_lane_is_woken()
    {
        const string marks = "0022_account_order_marks.sql";
        var database = await JournalHost.PrepareAsync(1);
        await JournalHost.AddDestinationAsync(database);
        await using (var silo = JournalHost.Start(database))
        {
            foreach (var reference in (string[])["R1", "R2", "R3"]) await silo.TakeAsync("a0", reference);
        }

        await Sql.DoAsync(
            database.OwnerConnectionString,
            $"""
            INSERT INTO delivery_rows (id, lane, payment_id, account_id, sequence, due_at, created_at, state)
            SELECT delivery_id(payment_id, lane), lane, payment_id, account_id, sequence, due_at, due_at, 'delivered' FROM unwritten_deliveries WHERE sequence = 1;
            UPDATE lane_marks SET mark = 3;
            UPDATE agenda SET due_at = 'infinity';
            DELETE FROM schema_migrations WHERE name = '{marks}';
            """);
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        Assert.Equal([marks], await Migrator.MigrateAsync(owner, CancellationToken.None));
        Assert.Equal(1, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT mark FROM lane_marks"));
        await JournalHost.AssertLawfulAsync(database);
    }
}
