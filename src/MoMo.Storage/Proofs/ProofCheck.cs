using System.Security.Cryptography;
using MoMo.Domain.Proofs;
using Npgsql;

namespace MoMo.Storage.Proofs;

/// <summary>
/// Whether kept messages and files still are what was kept: their bytes are hashed again. A row that somebody changed behind the hub's back, a disk that
/// lost a bit and a backup that was restored in part are found so. It looks at ranges of rows, each in short statements of their own: nothing of it ever
/// changes, and while one statement lasts nothing that was updated since it began is cleared away, in the whole database.
/// </summary>
/// <param name="connection">In no transaction.</param>
internal sealed class ProofCheck(NpgsqlConnection connection)
{
    /// <summary>Messages of a range.</summary>
    private const int MessagesMax = 2_000;

    /// <summary>Files of a range.</summary>
    private const int FilesMax = 100;

    private long broken;
    private string? first;

    /// <summary>Looks at all of them. What comes meanwhile may be looked at or not.</summary>
    /// <returns>How many are not what they were, and the first of them.</returns>
    public async Task<(long Broken, string? First)> RunAsync(CancellationToken cancellation)
    {
        foreach (var table in (string[])["payments", "reversals"])
        {
            await LookAtMessagesAsync(
                $"SELECT proof_pack, proof_position, proof_sha256, id FROM {table} WHERE id > $1 ORDER BY id LIMIT {MessagesMax}",
                [Sql.Of(Guid.Empty)], row => [Sql.Of(row.GetGuid(3))], cancellation);
        }

        // In the order in which they came, so that those of one pack are together.
        await LookAtMessagesAsync(
            $"""
            SELECT pack, position, sha256, received_at FROM kept_messages WHERE (received_at, sha256) > ($1, $2)
            ORDER BY received_at, sha256 LIMIT {MessagesMax}
            """,
            [Sql.Time(DateTimeOffset.MinValue), Sql.Of(Array.Empty<byte>())],
            row => [Sql.Time(row.GetFieldValue<DateTimeOffset>(3)), Sql.Of(row.GetFieldValue<byte[]>(2))], cancellation);
        await LookAtFilesAsync(cancellation);
        return (broken, first);
    }

    /// <param name="range">SQL of pack, position and hash, by what is behind the parameters.</param>
    /// <param name="after">The parameters of the first range.</param>
    /// <param name="last">Those of the next, from a range's last row.</param>
    /// <param name="cancellation">Ends the look.</param>
    private async Task LookAtMessagesAsync(
        string range, NpgsqlParameter[] after, Func<NpgsqlDataReader, NpgsqlParameter[]> last, CancellationToken cancellation)
    {
        int count;
        do
        {
            count = 0;
            Dictionary<long, List<(int Position, byte[] Sha256)>> kept = [];
            await using (var command = new NpgsqlCommand(range, connection) { CommandTimeout = 0 }.With(after))
            {
                await using var rows = await command.ExecuteReaderAsync(cancellation);
                while (await rows.ReadAsync(cancellation))
                {
                    count++;
                    after = last(rows);
                    if (rows.IsDBNull(0)) continue; // it came in a file
                    if (!kept.TryGetValue(rows.GetInt64(0), out var messages)) kept[rows.GetInt64(0)] = messages = [];
                    messages.Add((rows.GetInt32(1), rows.GetFieldValue<byte[]>(2)));
                }
            }

            await LookAtPacksAsync(kept, cancellation);
        }
        while (count == MessagesMax);
    }

    private async Task LookAtPacksAsync(Dictionary<long, List<(int Position, byte[] Sha256)>> kept, CancellationToken cancellation)
    {
        await using (var command = new NpgsqlCommand("SELECT id, body FROM proof_packs WHERE id = ANY($1)", connection) { CommandTimeout = 0 })
        {
            await using var rows = await command.With(Sql.Of(kept.Keys.ToArray())).ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                var hashes = Hashes(rows.GetFieldValue<byte[]>(1));
                kept.Remove(rows.GetInt64(0), out var messages);
                foreach (var (position, sha256) in messages!)
                {
                    if (position < 0 || position >= hashes.Count || !hashes[position].AsSpan().SequenceEqual(sha256))
                        Break($"message {position} of pack {rows.GetInt64(0)}");
                }
            }
        }

        foreach (var (pack, messages) in kept) messages.ForEach(message => Break($"message {message.Position} of pack {pack}"));
    }

    private async Task LookAtFilesAsync(CancellationToken cancellation)
    {
        List<(Guid Id, byte[] Sha256, long[] Packs)> files = [];
        do
        {
            await using (var command = new NpgsqlCommand($"SELECT id, sha256, packs FROM files WHERE id > $1 ORDER BY id LIMIT {FilesMax}", connection)
                .With(Sql.Of(files.Count > 0 ? files[^1].Id : Guid.Empty)))
            {
                files.Clear();
                await using var rows = await command.ExecuteReaderAsync(cancellation);
                while (await rows.ReadAsync(cancellation)) files.Add((rows.GetGuid(0), rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<long[]>(2)));
            }

            foreach (var (id, sha256, packs) in files)
            {
                if (!(await HashAsync(packs, cancellation)).AsSpan().SequenceEqual(sha256)) Break($"file {id}");
            }
        }
        while (files.Count == FilesMax);
    }

    private void Break(string what)
    {
        broken++;
        first ??= what;
    }

    /// <returns>Of each message of a pack; of one that can't be read, none.</returns>
    private static List<byte[]> Hashes(byte[] stored)
    {
        try
        {
            return [.. ProofPack.ReadAll(stored).Select(body => SHA256.HashData(body))];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    /// <returns>Null when a piece is gone or can't be read.</returns>
    private async Task<byte[]?> HashAsync(long[] packs, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var pack in packs)
        {
            await using var command = new NpgsqlCommand("SELECT body FROM proof_packs WHERE id = $1", connection).With(Sql.Of(pack));
            if (await command.ExecuteScalarAsync(cancellation) is not byte[] stored) return null;
            try
            {
                hash.AppendData(ProofPack.Decompress(stored));
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
            {
                return null;
            }
        }

        return hash.GetHashAndReset();
    }
}
