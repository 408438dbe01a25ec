using System.Security.Cryptography;
using MoMo.Domain.Proofs;
using Npgsql;

namespace MoMo.Storage.Proofs;

/// <summary>
/// Whether kept messages and files still are what was kept: their bytes are hashed again. A row that somebody changed behind the hub's back, a disk that
/// lost a bit and a backup that was restored in part are found so.
/// </summary>
internal static class ProofCheck
{
    private const string Messages = """
        SELECT kept.pack, kept.positions, kept.hashes, k.body FROM (
            SELECT pack, array_agg(position) AS positions, array_agg(sha256) AS hashes FROM (
                SELECT proof_pack AS pack, proof_position AS position, proof_sha256 AS sha256 FROM payments WHERE proof_pack IS NOT NULL
                UNION ALL SELECT proof_pack, proof_position, proof_sha256 FROM reversals WHERE proof_pack IS NOT NULL
                UNION ALL SELECT pack, position, sha256 FROM kept_messages) one
            GROUP BY pack) kept
        LEFT JOIN proof_packs k ON k.id = kept.pack
        """;

    /// <summary>Looks at all of them.</summary>
    /// <param name="snapshot">Says which there are, in its snapshot.</param>
    /// <param name="database">Reads the pieces of files, which never change.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>How many are not what they were, and the first of them.</returns>
    public static async Task<(long Broken, string? First)> RunAsync(NpgsqlConnection snapshot, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var (broken, first) = (0L, (string?)null);
        await using (var command = new NpgsqlCommand(Messages, snapshot) { CommandTimeout = 0 })
        {
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                var (pack, positions, hashes) = (rows.GetInt64(0), rows.GetFieldValue<int[]>(1), rows.GetFieldValue<byte[][]>(2));
                var found = rows.IsDBNull(3) ? [] : Hashes(rows.GetFieldValue<byte[]>(3));
                for (var place = 0; place < positions.Length; place++)
                {
                    if (positions[place] >= 0 && positions[place] < found.Count && found[positions[place]].AsSpan().SequenceEqual(hashes[place])) continue;
                    broken++;
                    first ??= $"message {positions[place]} of pack {pack}";
                }
            }
        }

        await using var pieces = await database.OpenConnectionAsync(cancellation);
        await using var files = new NpgsqlCommand("SELECT id, sha256, packs FROM files", snapshot) { CommandTimeout = 0 };
        await using var read = await files.ExecuteReaderAsync(cancellation);
        while (await read.ReadAsync(cancellation))
        {
            var sha256 = await HashAsync(read.GetFieldValue<long[]>(2), pieces, cancellation);
            if (sha256.AsSpan().SequenceEqual(read.GetFieldValue<byte[]>(1))) continue;
            broken++;
            first ??= $"file {read.GetGuid(0)}";
        }

        return (broken, first);
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
    private static async Task<byte[]?> HashAsync(long[] packs, NpgsqlConnection connection, CancellationToken cancellation)
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
