using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Journal;

/// <summary>Law 6: what was recorded is never rewritten. The triggers refuse everybody, the owner too, and the runtime role lacks the rights.</summary>
public sealed class KeptTests(KeptTests.Fixture fixture) : IClassFixture<KeptTests.Fixture>
{
    private static readonly string[] Kept =
    [
        "adapter_events", "adapter_states", "assignments", "delivery_attempts", "file_entries", "kept_messages", "message_notices", "payment_keys", "payments",
        "proof_packs", "removed_destinations", "reversal_links", "reversals", "unlinkings",
    ];

    private static readonly string[] Rights = ["UPDATE", "DELETE", "TRUNCATE"];

    public static TheoryData<string> Tables => [.. Kept];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task The_database_refuses_everybody_to_rewrite_what_was_recorded(string table)
    {
        var column = await AskAsync<string>($"SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND attidentity = '' LIMIT 1");
        foreach (var change in (string[])[$"UPDATE {table} SET {column} = {column}", $"DELETE FROM {table}", $"TRUNCATE {table} CASCADE"])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => Sql.DoAsync(fixture.Database.OwnerConnectionString, change));
            Assert.Contains("what was recorded is never changed", refused.MessageText, StringComparison.Ordinal);
        }

        foreach (var right in Rights) Assert.False(await AskAsync<bool>($"SELECT has_table_privilege(current_user, '{table}', '{right}')"), right);
    }

    [Fact]
    public async Task Only_what_is_kept_for_ever_may_be_added_to_and_not_changed()
    {
        var addedTo = await AskAsync<string[]>(
            """
            SELECT array_agg(relname::text ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                AND has_table_privilege(current_user, oid, 'INSERT') AND NOT has_table_privilege(current_user, oid, 'UPDATE, DELETE')
            """);
        Assert.Equal(Kept, addedTo);
    }

    [Fact]
    public async Task Nothing_that_the_runtime_role_may_call_runs_with_its_owner_s_rights() =>
        Assert.Equal(0L, await AskAsync<long>("SELECT count(*) FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"));

    private Task<T> AskAsync<T>(string question) => Sql.AskAsync<T>(fixture.Database.AppConnectionString, question);

    public sealed class Fixture : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public async Task InitializeAsync() => Database = await JournalHost.PrepareAsync(1);

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
