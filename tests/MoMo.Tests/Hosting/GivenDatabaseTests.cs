using Microsoft.Extensions.Logging.Abstractions;
using MoMo.Silo.Hosting;
using MoMo.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace MoMo.Tests.Hosting;

/// <summary>What a given database, or the role in it, lacks is told in a sentence and what to do in another; nothing has a stack trace.</summary>
public sealed class GivenDatabaseTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static int made;
    private readonly string role = $"given_{Interlocked.Increment(ref made)}";
    private TestDatabase database = null!;

    public async Task InitializeAsync()
    {
        database = await PostgresFixture.CreateEmptyDatabaseAsync();
        await AdminAsync($"CREATE ROLE {role} LOGIN PASSWORD 'hunter2'; GRANT CONNECT ON DATABASE {database.Name} TO {role}");
    }

    public async Task DisposeAsync() => await AdminAsync($"DROP OWNED BY {role}; DROP ROLE {role}");

    [Fact]
    public async Task A_role_that_may_not_migrate_is_named_and_where_to_give_one_that_may()
    {
        var said = await FailAsync(As(role), "");
        Assert.Equal(
            $"momo: The database {Place} can't be migrated by the role {role}: permission denied for schema public.\n"
            + "      Name a role that may, the owner of the hub's tables, in MoMo:Database:OwnerConnectionString (MoMo__Database__OwnerConnectionString), "
            + "or let this one: GRANT CREATE ON SCHEMA public.\n",
            said);
    }

    [Fact]
    public async Task An_owner_that_may_not_migrate_is_named_too()
    {
        var said = await FailAsync(database.AppConnectionString, As(role));
        Assert.StartsWith($"momo: The database {Place} can't be migrated by the role {role}: permission denied for schema public.\n", said, StringComparison.Ordinal);
        Assert.Contains("      Name the role that owns the hub's tables in MoMo:Database:OwnerConnectionString;", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_was_granted_nothing_is_named()
    {
        var said = await FailAsync(As(role), database.OwnerConnectionString);
        Assert.Contains($"momo: The role {role} may not use the hub's tables in the database {Place}", said, StringComparison.Ordinal);
        Assert.Contains("grants what is needed to momo_app: create that role", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_database_that_can_only_be_read_is_named(bool own)
    {
        await AdminAsync($"ALTER ROLE {role} SET default_transaction_read_only = on");
        var said = own ? await FailAsync(As(role), "") : await FailAsync(database.AppConnectionString, As(role));
        Assert.Equal(
            $"momo: The database {Place} can only be read.\n"
            + $"      MoMo:Database:{(own ? "" : "Owner")}ConnectionString must name a primary server, not a standby, and neither its database nor its role may have "
            + "default_transaction_read_only set.\n",
            said);
    }

    [Fact]
    public async Task A_database_that_acknowledges_what_it_has_not_kept_is_refused()
    {
        await AdminAsync($"ALTER ROLE {role} SET synchronous_commit = off");
        Assert.StartsWith(
            $"momo: The database {Place} acknowledges what it has not kept yet: synchronous_commit is off for the role {role}.\n",
            await FailAsync(As(role), database.OwnerConnectionString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_hub_relies_on_holds_whatever_the_role_is_set_to_and_what_it_was_told_stays()
    {
        await AdminAsync($"ALTER ROLE {role} SET default_transaction_isolation = 'repeatable read'; ALTER ROLE {role} SET work_mem = '3MB'");
        await using var hub = HubConnection.Open($"{As(role)};Options=-c work_mem=7MB", 2, "test", NullLoggerFactory.Instance);
        await using var connection = await hub.OpenConnectionAsync();
        Assert.Equal("read committed", await ShowAsync("transaction_isolation"));
        Assert.Equal("7MB", await ShowAsync("work_mem"));

        async Task<string> ShowAsync(string setting)
        {
            await using var command = new NpgsqlCommand($"SHOW {setting}", connection);
            return (string)(await command.ExecuteScalarAsync())!;
        }
    }

    [Fact]
    public async Task A_server_that_became_a_standby_gets_into_no_pool()
    {
        await using var hub = HubConnection.Open(As(role), 2, "test", NullLoggerFactory.Instance);
        await AdminAsync($"ALTER ROLE {role} SET default_transaction_read_only = on");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => hub.OpenConnectionAsync().AsTask());
        Assert.True(refused.IsTransient, refused.Message);
        await AdminAsync($"ALTER ROLE {role} RESET default_transaction_read_only");
        await using var connection = await hub.OpenConnectionAsync();
    }

    [Fact]
    public async Task A_database_that_can_not_hold_every_text_is_named()
    {
        await AdminAsync($"CREATE DATABASE {role} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        var latin = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { Database = role }.ConnectionString;
        Assert.Equal(
            $"momo: The database {Place.Replace(database.Name, role, StringComparison.Ordinal)} has the encoding LATIN1, which can't hold every text that PSPs send.\n"
            + "      Name one in MoMo:Database:ConnectionString that was made with ENCODING 'UTF8' (CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8').\n",
            await FailAsync(latin, ""));
        await AdminAsync($"DROP DATABASE {role}");
    }

    [Theory]
    [InlineData("Username=nobody_of_that_name", "28")]
    [InlineData("Database=no_such_database", "database \"no_such_database\" does not exist")]
    [InlineData("", "permission denied for database")]
    public async Task One_that_lets_nobody_in_is_named_by_its_setting(string change, string why)
    {
        if (change.Length == 0) await AdminAsync($"REVOKE CONNECT ON DATABASE {database.Name} FROM {role}, PUBLIC");
        var given = $"{As(role)};{change}";
        (string, string, string)[] all =
        [
            (given, "", "ConnectionString"), (given, database.OwnerConnectionString, "ConnectionString"),
            (database.OwnerConnectionString, given, "OwnerConnectionString"),
        ];
        foreach (var (app, owner, setting) in all)
        {
            var said = await FailAsync(app, owner);
            Assert.Matches("^momo: The database .* can't be used: ", said);
            if (why != "28") Assert.Contains(why, said, StringComparison.Ordinal);
            Assert.Contains($"      Look at MoMo:Database:{setting}, ", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_of_a_later_version_that_this_program_can_not_work_with_is_refused()
    {
        await using (var owner = NpgsqlDataSource.Create(database.OwnerConnectionString))
            await MoMo.Storage.Migrator.MigrateAsync(owner, CancellationToken.None);
        await AdminAsync("INSERT INTO schema_migrations (name, sha256) VALUES ('9998_later.sql', ''), ('9999_other.breaks.sql', '')");
        Assert.Equal(
            $"momo: The database {Place} is of a later version, which this program can't work with: it has 9999_other.breaks.sql.\n"
            + "      Start that version or a later one; the data stays as it is.\n",
            await FailAsync(database.AppConnectionString, database.OwnerConnectionString));
    }

    private string Place => new NpgsqlConnectionStringBuilder(database.AppConnectionString) is var at ? $"{database.Name} at {at.Host}:{at.Port}" : "";

    private string As(string user) =>
        new NpgsqlConnectionStringBuilder(database.AppConnectionString) { Username = user, Password = "hunter2", Pooling = false }.ConnectionString;

    private async Task AdminAsync(string statements) => await Sql.DoAsync(database.OwnerConnectionString, statements);

    /// <returns>What it says of the failure; what was migrated before is left out.</returns>
    private async Task<string> FailAsync(string app, string owner)
    {
        using var folder = new TestFolder();
        await using var silo = new SiloProcess(
            output, folder.Path, null, ("MoMo:Database:ConnectionString", app), ("MoMo:Database:OwnerConnectionString", owner));
        _ = silo.Begin();
        Assert.Equal(1, await silo.ExitAsync());
        var log = silo.Log.ReplaceLineEndings("\n");
        Assert.DoesNotContain("hunter2", log, StringComparison.Ordinal);
        var said = string.Concat(log.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("Migrated:", StringComparison.Ordinal)).Select(line => $"{line}\n"));
        Assert.Equal(2, said.TrimEnd().Split('\n').Length);
        return said;
    }
}
