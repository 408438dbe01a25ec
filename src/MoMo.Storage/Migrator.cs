using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace MoMo.Storage;

/// <summary>
/// Brings a database to the newest version: numbered SQL files, forward only, each in a transaction of its own, under an advisory lock so that
/// several silos may start at once. A file that silos of before can't work with has a name that ends with <see cref="Breaking"/>.
/// </summary>
public static class Migrator
{
    /// <summary>The role that silos run as when the owner is another one; gets what it needs and no more.</summary>
    public const string RuntimeRole = "momo_app";

    /// <summary>
    /// How the names of migrations end that programs which do not bring them can't work with. By the name, because that is what such a program can read.
    /// </summary>
    public const string Breaking = ".breaks.sql";

    /// <summary>
    /// How long a file waits for a table at most. Whoever uses the table next waits behind it, and what it waits for may be somebody's backup, of hours.
    /// </summary>
    private const string LockWait = "2s";

    /// <summary>Between two tries at a file: others come through meanwhile.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static readonly Lazy<string[]> Names = new(() => [.. Files().Select(file => file.Name)]);

    /// <summary>Applies what is missing, and tells nobody what it waits for.</summary>
    /// <param name="owner">Connects as the role that owns the tables.</param>
    /// <param name="cancellation">Ends the wait; what was applied stays.</param>
    public static Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource owner, CancellationToken cancellation) => MigrateAsync(owner, null, cancellation);

    /// <summary>Applies what is missing.</summary>
    /// <param name="owner">Connects as the role that owns the tables.</param>
    /// <param name="progress">Told, in sentences, what it waits for.</param>
    /// <param name="cancellation">Ends the wait; what was applied stays.</param>
    /// <returns>Names of the files that were applied now.</returns>
    /// <exception cref="InvalidOperationException">A file that was applied before has changed since.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource owner, IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owner);
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await ExecuteAsync(connection, "SET statement_timeout = 0", cancellation);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({Locks.Migration})", cancellation);
        try
        {
            await ExecuteAsync(
                connection,
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
                """,
                cancellation);
            var known = await KnownAsync(connection, cancellation);
            List<string> applied = [];
            foreach (var (name, sql) in Files())
            {
                var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
                if (known.TryGetValue(name, out var before))
                {
                    if (before != sha256) throw new InvalidOperationException($"Migration {name} was applied with another content; never edit one that has shipped, add a new one.");
                    continue;
                }

                while (!await ApplyAsync(connection, name, sql, sha256, cancellation))
                {
                    progress?.Report($"Migration {name} waits for somebody who uses its tables, such as a backup: it is tried again every {Pause.TotalSeconds} seconds.");
                    await Task.Delay(Pause, cancellation);
                }

                applied.Add(name);
            }

            await GrantAsync(connection, cancellation);
            return applied;
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({Locks.Migration})", CancellationToken.None);
        }
    }

    /// <summary>Names of the migrations that this program brings and the database does not have yet.</summary>
    /// <param name="database">Any role that may read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<IReadOnlyList<string>> MissingAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var known = await KnownAsync(connection, cancellation);
        return [.. Names.Value.Where(name => !known.ContainsKey(name))];
    }

    /// <summary>Names of the migrations that the database has, this program does not know, and it can't work with.</summary>
    /// <param name="database">Any role that may read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<IReadOnlyList<string>> NewerAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var known = await KnownAsync(connection, cancellation);
        return [.. known.Keys.Where(name => name.EndsWith(Breaking, StringComparison.Ordinal)).Except(Names.Value).Order(StringComparer.Ordinal)];
    }

    /// <returns>False when a table could not be had: nothing was applied.</returns>
    private static async Task<bool> ApplyAsync(NpgsqlConnection connection, string name, string sql, string sha256, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"SET LOCAL lock_timeout = '{LockWait}'", cancellation);
        try
        {
            await ExecuteAsync(connection, sql, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }

        await using var insert = new NpgsqlCommand("INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)", connection)
        {
            Parameters = { new() { Value = name }, new() { Value = sha256 } },
        };
        await insert.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The runtime role may read all, write what changes, and only add to what is kept for ever.</summary>
    private static Task GrantAsync(NpgsqlConnection connection, CancellationToken cancellation) => ExecuteAsync(
        connection,
        $"""
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{RuntimeRole}') AND current_user <> '{RuntimeRole}' THEN
                GRANT USAGE ON SCHEMA public TO {RuntimeRole};
                GRANT SELECT ON ALL TABLES IN SCHEMA public TO {RuntimeRole};
                GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {RuntimeRole};
                GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO {RuntimeRole};
                GRANT INSERT ON payments, payment_keys, assignments, unlinkings, proof_packs, kept_messages, file_entries,
                    delivery_attempts, adapter_events, message_notices, reversals, reversal_links, removed_destinations, adapter_states TO {RuntimeRole};
                GRANT INSERT, UPDATE ON delivery_rows TO {RuntimeRole};
                GRANT INSERT, DELETE ON suspended TO {RuntimeRole};
                GRANT INSERT, UPDATE, DELETE ON psps, adapters, accounts, account_heads, account_references, destinations,
                    api_keys, files, agenda, lane_states, lane_marks, replays,
                    adapter_credentials, channels, channel_items, channel_backfills, status_questions, secret_keys,
                    named_requests, adapter_counts, adapter_flow TO {RuntimeRole};
                REVOKE DELETE ON delivery_rows FROM {RuntimeRole}; -- which earlier versions granted
            END IF;
        END $$
        """,
        cancellation);

    private static async Task<Dictionary<string, string>> KnownAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT name, sha256 FROM schema_migrations", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        Dictionary<string, string> known = [];
        while (await rows.ReadAsync(cancellation)) known.Add(rows.GetString(0), rows.GetString(1));
        return known;
    }

    private static IEnumerable<(string Name, string Sql)> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string prefix = "MoMo.Storage.Migrations.";
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[prefix.Length..], reader.ReadToEnd());
        }
    }

    /// <summary>
    /// For as long as it takes: an index over all deliveries of a large hub takes minutes, and so does another silo's migration that is waited for. A limit
    /// would undo each try at it. (The wait for a table that somebody uses is another thing: see <see cref="LockWait"/>.)
    /// </summary>
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
