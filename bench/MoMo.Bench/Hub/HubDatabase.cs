using MoMo.Bench.Rows;
using MoMo.Storage;
using Npgsql;

namespace MoMo.Bench.Hub;

/// <summary>A hub's database with the plain table beside its own.</summary>
internal sealed class HubDatabase
{
    private HubDatabase(string owner, string app) => (OwnerConnectionString, AppConnectionString) = (owner, app);

    public string AppConnectionString { get; }

    public string Name => new NpgsqlConnectionStringBuilder(OwnerConnectionString).Database!;

    public string OwnerConnectionString { get; }

    /// <summary>
    /// Migrates an empty database and adds the PSP, its CSV adapter, and accounts with one paused webhook destination each: each payment writes a
    /// delivery, none is sent.
    /// </summary>
    public static async Task<HubDatabase> CreateAsync(string owner, string app, int accounts, CancellationToken cancellation)
    {
        await using (var source = NpgsqlDataSource.Create(owner)) await Migrator.MigrateAsync(source, cancellation);
        var database = new HubDatabase(owner, app);
        await database.DoAsync(
            $"""
            INSERT INTO psps (id, name, created_at) VALUES ('{Payments.Psp}', 'Bench', now());
            INSERT INTO adapters (id, psp_id, name, format, settings, created_at)
                VALUES ('{Payments.Adapter}', '{Payments.Psp}', 'Bench CSV', 'csv', '{Payments.CsvSettings}', now());
            INSERT INTO accounts (id, name, created_at)
                SELECT '{Payments.AccountPrefix}' || lpad(n::text, greatest(4, length(n::text)), '0'), 'Account ' || n, now() FROM generate_series(0, {accounts - 1}) n;
            INSERT INTO account_heads (account_id) SELECT id FROM accounts;
            INSERT INTO destinations (account_id, id, kind, url, secret, paused, created_at)
                SELECT id, 'hook', 'webhook', 'https://example.com/' || id, 'none: it is paused', true, now() FROM accounts ORDER BY id;
            INSERT INTO agenda (kind, key, due_at) SELECT 'lane', lane::text, 'infinity' FROM destinations;
            INSERT INTO lane_marks (lane, since, mark) SELECT lane, 0, 0 FROM destinations;
            {PlainTable.Create};
            """,
            cancellation);
        return database;
    }

    /// <summary>Payments that are there.</summary>
    public Task<long> CountAsync(CancellationToken cancellation) => AskAsync("SELECT count(*) FROM payments", cancellation);

    /// <summary>Writes dirty pages out, so that no side pays for what the one before it left behind.</summary>
    public Task SettleAsync(CancellationToken cancellation) => DoAsync("CHECKPOINT", cancellation);

    /// <summary>Runs statements as the owner, however long they take.</summary>
    public async Task DoAsync(string statements, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(OwnerConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(statements, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Asks for one number.</summary>
    public async Task<long> AskAsync(string question, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(OwnerConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(question, connection) { CommandTimeout = 0 };
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture);
    }
}
