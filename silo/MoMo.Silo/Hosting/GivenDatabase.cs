using MoMo.Storage;
using Npgsql;

namespace MoMo.Silo.Hosting;

/// <summary>
/// A database that people gave: looked at and migrated at the start. What it lacks is told in a sentence; when it goes away later, it is waited for.
/// </summary>
internal static class GivenDatabase
{
    private const string AppSetting = "MoMo:Database:ConnectionString";
    private const string OwnerSetting = "MoMo:Database:OwnerConnectionString";

    /// <summary>Something of each kind of right that the migrations grant, and that owners have.</summary>
    private const string MayWork = """
        SELECT has_table_privilege('payments', 'SELECT') AND has_table_privilege('payments', 'INSERT') AND has_table_privilege('agenda', 'UPDATE')
        """;

    /// <summary>Makes sure that it is there, migrated, and that the hub may work in it.</summary>
    /// <param name="app">How the hub connects.</param>
    /// <param name="owner">How migrations connect; null when the hub's own role migrates.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StartException">It can't be used, and why.</exception>
    public static async Task PrepareAsync(string app, string? owner, CancellationToken cancellation)
    {
        await RequireAsync(app, AppSetting, cancellation);
        if (owner is not null) await RequireAsync(owner, OwnerSetting, cancellation);
        await MigrateAsync(owner ?? app, owner is not null, cancellation);
        await RequireRightsAsync(app, cancellation);
    }

    /// <summary>Brings a database to the newest version, and says what it did.</summary>
    /// <exception cref="StartException">It is of a later version, which this program can't work with.</exception>
    public static async Task MigrateAsync(string owner, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(owner);
        foreach (var file in await Migrator.MigrateAsync(source, new Said(), cancellation)) await Console.Error.WriteLineAsync($"Migrated: {file}");
        if (await Migrator.NewerAsync(source, cancellation) is [var newer, ..])
            throw new StartException(
                $"The database {Place(owner)} is of a later version, which this program can't work with: it has {newer}.",
                "Start that version or a later one; the data stays as it is.");
    }

    private static async Task MigrateAsync(string owner, bool isOwn, CancellationToken cancellation)
    {
        try
        {
            await MigrateAsync(owner, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StartException(
                $"The database {Place(owner)} can't be migrated by the role {Role(owner)}: {Why(e)}.",
                isOwn
                    ? $"Name the role that owns the hub's tables in {OwnerSetting}; in an empty database, one that may create in the schema public."
                    : $"Name a role that may, the owner of the hub's tables, in {OwnerSetting} ({OwnerSetting.Replace(":", "__", StringComparison.Ordinal)}), "
                        + "or let this one: GRANT CREATE ON SCHEMA public.",
                e);
        }
    }

    private static async Task RequireAsync(string connectionString, string setting, CancellationToken cancellation)
    {
        var next = $"Look at {setting}, and whether PostgreSQL runs there and lets this user in.";
        try
        {
            await using var connection = Connection(connectionString);
            await connection.OpenAsync(cancellation);
            await using var encoding = new NpgsqlCommand("SELECT current_setting('server_encoding')", connection);
            if (await encoding.ExecuteScalarAsync(cancellation) is string other and not "UTF8")
                throw new StartException(
                    $"The database {Place(connectionString)} has the encoding {other}, which can't hold every text that PSPs send.",
                    $"Name one in {setting} that was made with ENCODING 'UTF8' (CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8').");
            await using var command = new NpgsqlCommand("SELECT current_setting('transaction_read_only')", connection);
            if (await command.ExecuteScalarAsync(cancellation) is "on")
                throw new StartException(
                    $"The database {Place(connectionString)} can only be read.",
                    $"{setting} must name a primary server, not a standby, and neither its database nor its role may have default_transaction_read_only set.");
        }
        catch (ArgumentException e)
        {
            throw new StartException($"The database's connection string can't be read: {setting}.", next, e);
        }
        catch (NpgsqlException e)
        {
            throw new StartException($"The database {Place(connectionString)} can't be used: {Why(e)}.", next, e);
        }
    }

    private static async Task RequireRightsAsync(string app, CancellationToken cancellation)
    {
        const string next = $"At each start the owner grants what is needed to {Migrator.RuntimeRole}: create that role, name it or a member of it in {AppSetting}, "
            + $"and start again; or leave {OwnerSetting} out, so that one role does both.";
        try
        {
            await using var connection = Connection(app);
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand(MayWork, connection);
            if (await command.ExecuteScalarAsync(cancellation) is not true)
                throw new StartException($"The role {Role(app)} may not use the hub's tables in the database {Place(app)}.", next);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable)
        {
            throw new StartException($"The role {Role(app)} may not use the hub's tables in the database {Place(app)}: {Why(e)}.", next, e);
        }
    }

    /// <summary>In no pool: it is used once.</summary>
    private static NpgsqlConnection Connection(string text) => new(new NpgsqlConnectionStringBuilder(text) { Pooling = false }.ConnectionString);

    private static string Role(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Username ?? Environment.UserName;

    private static string Place(string connectionString)
    {
        var at = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{at.Database ?? at.Username} at {at.Host}:{at.Port}";
    }

    private static string Why(NpgsqlException e) => (e is PostgresException refused ? refused.MessageText : e.InnerException?.Message ?? e.Message).TrimEnd('.');
}
