using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>PSPs: create, read, change, delete.</summary>
public sealed class PspStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns = "id, name, archived, version, created_at";

    /// <summary>The PSP, or null.</summary>
    public Task<PspRow?> FindAsync(string id, CancellationToken cancellation) =>
        database.FindAsync($"SELECT {Columns} FROM psps WHERE id = $1", Read, cancellation, Sql.Of(id));

    /// <summary>PSPs by id.</summary>
    public Task<IReadOnlyList<PspRow>> ListAsync(PageQuery page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        return database.ListAsync(
            $"SELECT {Columns} FROM psps WHERE id > $1 AND ($2 IS NULL OR lower(name) = lower($2)) ORDER BY id LIMIT $3",
            Read, cancellation, Sql.Of(page.After), Sql.Text(page.Name), Sql.Of(page.Max));
    }

    /// <summary>Creates a PSP.</summary>
    /// <returns>It, or <c>id-taken</c>, <c>name-taken</c>.</returns>
    public Task<Outcome<PspRow>> CreateAsync(string id, string name, bool archived, CancellationToken cancellation) =>
        Change.RunAsync<PspRow>(
            database,
            async change =>
            {
                var created = await change.FindAsync(
                    $"INSERT INTO psps (id, name, archived, created_at) VALUES ($1, $2, $3, $4) RETURNING {Columns}",
                    Read, Sql.Of(id), Sql.Of(name), Sql.Of(archived), Sql.Time(clock.GetUtcNow()));
                await change.NotifyAsync($"psp:{id}");
                return created!;
            },
            cancellation);

    /// <summary>Changes a PSP.</summary>
    /// <returns>It as it is now, or <c>psp-unknown</c>, <c>etag-mismatch</c>, <c>name-taken</c>.</returns>
    public Task<Outcome<PspRow>> ChangeAsync(string id, string name, bool archived, VersionMatch match, CancellationToken cancellation) =>
        Change.RunAsync<PspRow>(
            database,
            async change =>
            {
                // Turns share the row's key with us: a change of its other columns need not wait for them.
                var stored = await change.FindAsync($"SELECT {Columns} FROM psps WHERE id = $1 FOR NO KEY UPDATE", Read, Sql.Of(id));
                if (stored is null) return Unknown.Psp(id);
                if (match.Check(stored.Version) is { } stale) return stale;
                var changed = await change.FindAsync(
                    $"UPDATE psps SET name = $2, archived = $3, version = version + 1 WHERE id = $1 RETURNING {Columns}",
                    Read, Sql.Of(id), Sql.Of(name), Sql.Of(archived));
                await change.NotifyAsync($"psp:{id}");
                return changed!;
            },
            cancellation);

    /// <summary>Deletes a PSP that nothing depends on.</summary>
    /// <returns>It as it was, or <c>psp-unknown</c>, <c>etag-mismatch</c>, <c>in-use</c>.</returns>
    public Task<Outcome<PspRow>> DeleteAsync(string id, VersionMatch match, CancellationToken cancellation) =>
        Change.RunAsync<PspRow>(
            database,
            async change =>
            {
                // Waits for the turns that are recording payments, and makes later ones find it gone.
                await change.RunAsync($"SELECT pg_advisory_xact_lock({Locks.Psps})");
                var stored = await change.FindAsync($"SELECT {Columns} FROM psps WHERE id = $1 FOR UPDATE", Read, Sql.Of(id));
                if (stored is null) return Unknown.Psp(id);
                if (match.Check(stored.Version) is { } stale) return stale;
                List<string> users = [];
                if (await change.AnyAsync("SELECT 1 FROM adapters WHERE psp_id = $1 LIMIT 1", Sql.Of(id))) users.Add("adapters");
                if (await change.AnyAsync("SELECT 1 FROM payment_keys WHERE psp_id = $1 LIMIT 1", Sql.Of(id))) users.Add("payments");
                if (await change.AnyAsync("SELECT 1 FROM reversals WHERE psp_id = $1 LIMIT 1", Sql.Of(id))) users.Add("reversals");
                if (users.Count > 0) return InUse.By("PSP", id, users);
                await change.RunAsync("DELETE FROM psps WHERE id = $1", Sql.Of(id));
                await change.NotifyAsync($"psp:{id}");
                return stored;
            },
            cancellation);

    private static PspRow Read(NpgsqlDataReader rows) =>
        new(rows.GetString(0), rows.GetString(1), rows.GetBoolean(2), rows.GetInt64(3), rows.GetFieldValue<DateTimeOffset>(4));
}
