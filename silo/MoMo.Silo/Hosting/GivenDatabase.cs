using System.Globalization;
using MoMo.Storage;
using MoMo.Storage.Cluster;
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

    /// <summary>Off, they make a server forget what it acknowledged.</summary>
    private static readonly string[] Keeping = ["fsync", "full_page_writes"];

    private const string Settings = """
        SELECT name, current_setting(name) FROM unnest(ARRAY[
            'server_version_num', 'server_version', 'server_encoding', 'transaction_read_only', 'synchronous_commit', 'fsync', 'full_page_writes']) AS name
        """;

    /// <summary>Makes sure that it is there, migrated, and that the hub may work in it.</summary>
    /// <param name="app">How the hub connects.</param>
    /// <param name="owner">How migrations connect; null when the hub's own role migrates.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StartException">It can't be used, and why.</exception>
    public static async Task PrepareAsync(string app, string? owner, CancellationToken cancellation)
    {
        var weak = await RequireAsync(app, AppSetting, () => Connection(app), cancellation);
        if (owner is not null) await RequireAsync(owner, OwnerSetting, () => AsGiven(owner), cancellation);
        await MigrateAsync(owner ?? app, owner is not null, cancellation);
        await RequireRightsAsync(app, cancellation);
        foreach (var setting in weak)
            await Console.Error.WriteLineAsync(
                $"momo: {setting} is off in the database {Place(app)}: when its machine stops without warning, payments that were acknowledged may be lost.");
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

    /// <returns>Settings of the server that make it forget what it acknowledged.</returns>
    private static async Task<IReadOnlyList<string>> RequireAsync(
        string connectionString, string setting, Func<NpgsqlConnection> connect, CancellationToken cancellation)
    {
        var next = $"Look at {setting}, and whether PostgreSQL runs there and lets this user in: the server itself, not a pooler that shares its sessions.";
        try
        {
            await using var connection = connect();
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand(Settings, connection);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            var settings = new Dictionary<string, string>(StringComparer.Ordinal);
            while (await rows.ReadAsync(cancellation)) settings.Add(rows.GetString(0), rows.GetString(1));
            if (int.Parse(settings["server_version_num"], CultureInfo.InvariantCulture) < ServerBinaries.MajorMin * 10_000)
                throw new StartException(
                    $"The database {Place(connectionString)} is on PostgreSQL {settings["server_version"]}, which is too old.",
                    $"Name one in {setting} on PostgreSQL {ServerBinaries.MajorMin} or later.");
            if (settings["server_encoding"] is not "UTF8" and var other)
                throw new StartException(
                    $"The database {Place(connectionString)} has the encoding {other}, which can't hold every text that PSPs send.",
                    $"Name one in {setting} that was made with ENCODING 'UTF8' (CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8').");
            if (settings["synchronous_commit"] is "off")
                throw new StartException(
                    $"The database {Place(connectionString)} acknowledges what it has not kept yet: synchronous_commit is off for the role {Role(connectionString)}.",
                    $"ALTER ROLE or ALTER DATABASE … SET synchronous_commit = on (or RESET it), whichever turned it off, or turn it on in {setting} "
                    + "(Options=-c synchronous_commit=on).");
            if (settings["transaction_read_only"] is "on")
                throw new StartException(
                    $"The database {Place(connectionString)} can only be read.",
                    $"{setting} must name a primary server, not a standby, and neither its database nor its role may have default_transaction_read_only set.");
            return [.. Keeping.Where(one => settings[one] is "off")];
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

    /// <summary>As migrations connect, in no pool: it is used once.</summary>
    private static NpgsqlConnection AsGiven(string text) => new(new NpgsqlConnectionStringBuilder(text) { Pooling = false }.ConnectionString);

    /// <summary>As the hub connects, likewise.</summary>
    private static NpgsqlConnection Connection(string text)
    {
        var settings = HubConnection.Of(text);
        settings.Pooling = false;
        return new NpgsqlConnection(settings.ConnectionString);
    }

    private static string Role(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Username ?? Environment.UserName;

    private static string Place(string connectionString)
    {
        var at = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{at.Database ?? at.Username} at {at.Host}:{at.Port}";
    }

    private static string Why(NpgsqlException e) => (e is PostgresException refused ? refused.MessageText : e.InnerException?.Message ?? e.Message).TrimEnd('.');
}
