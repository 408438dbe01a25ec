using MoMo.Domain.Proofs;
using System.Security.Cryptography;
using MoMo.Domain.Files;
using MoMo.Engine;
using MoMo.Storage.Proofs;
using Npgsql;

namespace MoMo.Storage.Files;

/// <summary>Keeps statement files: their bytes first, in compressed pieces, then what came of them.</summary>
public sealed class FileStore(NpgsqlDataSource database, Ids ids, TimeProvider clock)
{
    /// <summary>Bytes of one piece.</summary>
    public const int PieceMax = 1024 * 1024;

    /// <summary>The largest file, in bytes.</summary>
    public const long SizeMax = 2L * 1024 * 1024 * 1024;

    /// <summary>The place within its position of what the whole file was refused for. It shows as long as it is the last word on the file.</summary>
    public const int RefusalOrdinal = -1;

    private const string Fields =
        "id, adapter_id, name, sha256, size, state, detail, accepted, suspense, replayed, conflicts, notices, faults, received_at, readings, read_at, rereading";

    /// <summary>Keeps a file's bytes, in bounded memory; after it returns they are durable.</summary>
    /// <returns>The file, and whether the very same bytes had come through this adapter before.</returns>
    /// <exception cref="InvalidDataException">The file is larger than <see cref="SizeMax"/>.</exception>
    public async Task<(StatementFile File, bool Replayed)> KeepAsync(string adapter, string? name, Stream bytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        List<long> packs = [];
        long size = 0;
        var piece = new byte[PieceMax];
        while (true)
        {
            var read = await bytes.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellation);
            if (read == 0) break;
            size += read;
            if (size > SizeMax) throw new InvalidDataException($"A file has at most {SizeMax / (1024 * 1024)} MiB.");
            hash.AppendData(piece, 0, read);
            // Most files end in their first piece: those that are sent again leave nothing behind.
            if (size < PieceMax && await FindAsync(adapter, hash.GetCurrentHash(), cancellation) is { } same) return (same, true);
            packs.Add(await KeepAsync(piece.AsMemory(0, read), cancellation));
        }

        var sha256 = hash.GetHashAndReset();
        await using var keep = database.CreateCommand(
            """
            INSERT INTO files (id, adapter_id, name, sha256, size, packs, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (adapter_id, sha256) DO NOTHING
            """)
            .With(Sql.Of(ids.Next()), Sql.Of(adapter), Sql.Text(name), Sql.Of(sha256), Sql.Of(size), Sql.Of(packs.ToArray()), Sql.Time(clock.GetUtcNow()));
        var kept = await keep.ExecuteNonQueryAsync(cancellation) == 1;
        return ((await FindAsync(adapter, sha256, cancellation))!, !kept);
    }

    /// <summary>
    /// Keeps one piece in a commit of its own, so that a sender who is slow holds neither a transaction nor a connection. The file's row comes last
    /// and names its pieces; those that no row names, because the sender broke off or the file is kept already, are read by nobody and harm nothing.
    /// </summary>
    private async Task<long> KeepAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        await using var insert = database.CreateCommand("INSERT INTO proof_packs (body) VALUES ($1) RETURNING id")
            .With(Sql.Of(ProofPack.Compress(piece.Span)));
        return (long)(await insert.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<StatementFile?> FindAsync(string adapter, byte[] sha256, CancellationToken cancellation)
    {
        await using var find = database.CreateCommand($"SELECT {Fields} FROM files WHERE adapter_id = $1 AND sha256 = $2")
            .With(Sql.Of(adapter), Sql.Of(sha256));
        await using var rows = await find.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? Read(rows) : null;
    }

    /// <summary>The file's bytes again, piece by piece.</summary>
    public async IAsyncEnumerable<byte[]> ReadAsync(
        Guid id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var find = database.CreateCommand("SELECT packs FROM files WHERE id = $1").With(Sql.Of(id));
        if (await find.ExecuteScalarAsync(cancellation) is not long[] packs) yield break;
        foreach (var pack in packs)
        {
            await using var command = database.CreateCommand("SELECT body FROM proof_packs WHERE id = $1").With(Sql.Of(pack));
            yield return ProofPack.Decompress((byte[])(await command.ExecuteScalarAsync(cancellation))!);
        }
    }

    /// <summary>The file's bytes as a stream that reads one piece at a time.</summary>
    public Stream Open(Guid id, CancellationToken cancellation) => new PieceStream(ReadAsync(id, cancellation));

    /// <summary>
    /// Records what a file says besides its payments. Reading a file again records nothing twice: only what it has something else to say of, above what an
    /// earlier reading said of the same place.
    /// </summary>
    /// <param name="id">The file.</param>
    /// <param name="remarks">
    /// Each with its number within its position, from 0, or <see cref="RefusalOrdinal"/>; every reading of a file must give it the same. Of the kind
    /// <see cref="FileRemark.Taken"/> only those are recorded that an earlier remark stands under.
    /// </param>
    /// <param name="cancellation">Ends the recording.</param>
    public async Task RemarkAsync(Guid id, IReadOnlyList<(int Ordinal, FileRemark Remark)> remarks, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(remarks);
        if (remarks.Count == 0) return;
        await using var command = database.CreateCommand(
            $"""
            INSERT INTO file_entries (file_id, position, ordinal, revision, kind, code, psp_reference, amount_minor, currency, detail)
            SELECT $1, said.position, said.ordinal, coalesce(last.revision + 1, 0), said.kind, said.code, said.psp_reference, said.amount_minor, said.currency,
                said.detail
            FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) AS said (position, ordinal, kind, code, psp_reference, amount_minor, currency, detail)
            LEFT JOIN LATERAL (
                SELECT * FROM file_entries e WHERE e.file_id = $1 AND e.position = said.position AND e.ordinal = said.ordinal
                ORDER BY e.revision DESC LIMIT 1) last ON true
            WHERE CASE WHEN last.revision IS NULL THEN said.kind <> '{FileRemark.Taken}' ELSE
                (said.kind, said.code, said.psp_reference, said.amount_minor, said.currency, said.detail)
                    IS DISTINCT FROM (last.kind, last.code, last.psp_reference, last.amount_minor, last.currency, last.detail) END
            ON CONFLICT DO NOTHING
            """)
            .With(
                Sql.Of(id),
                Sql.Of(remarks.Select(one => one.Remark.Position).ToArray()),
                Sql.Of(remarks.Select(one => one.Ordinal).ToArray()),
                Sql.Of(remarks.Select(one => one.Remark.Kind).ToArray()),
                Sql.Of(remarks.Select(one => one.Remark.Code).ToArray()),
                Sql.Texts([.. remarks.Select(one => one.Remark.PspReference)]),
                Sql.Of(remarks.Select(one => one.Remark.Amount?.MinorUnits).ToArray()),
                Sql.Texts([.. remarks.Select(one => one.Remark.Amount?.Currency.Code)]),
                Sql.Texts([.. remarks.Select(one => one.Remark.Detail)]));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Records that a file which was read to its end before is read again: what the second reading takes must not be left half done by a crash, though its
    /// record stays what it was until then.
    /// </summary>
    public async Task ReadAgainAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("UPDATE files SET rereading = true, resumes = 0, resume_at = NULL WHERE id = $1 AND state <> 'reading'")
            .With(Sql.Of(id));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Records the end of a reading.</summary>
    /// <param name="file">The file.</param>
    /// <param name="counts">What came of this reading, for who sent the file.</param>
    /// <param name="record">What the file holds, whichever reading took it: the record, in the place of what an earlier reading made of it.</param>
    /// <param name="cancellation">Ends the wait for the database.</param>
    /// <returns>The file as this reading found it.</returns>
    public async Task<StatementFile> FinishAsync(StatementFile file, FileCounts counts, FileCounts record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(record);
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            UPDATE files SET state = 'taken', detail = NULL, accepted = $2, suspense = $3, replayed = $4, conflicts = $5, notices = $6, faults = $7,
                readings = readings + 1, read_at = $8, rereading = false
            WHERE id = $1 RETURNING readings
            """)
            .With(
                Sql.Of(file.Id), Sql.Of(record.Accepted), Sql.Of(record.Suspense), Sql.Of(record.Replayed), Sql.Of(record.Conflicts),
                Sql.Of(record.Notices), Sql.Of(record.Faults), Sql.Time(now));
        var readings = (int)(await command.ExecuteScalarAsync(cancellation))!;
        return file with { IsUnfinished = false, State = "taken", Detail = null, Counts = counts, Readings = readings, ReadAt = now };
    }

    /// <summary>Records that a reading refused the file. One that was taken before stays taken, and says that it is refused now.</summary>
    /// <returns>The file as this reading found it.</returns>
    public async Task<StatementFile> RefuseAsync(StatementFile file, string detail, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            UPDATE files SET detail = CASE WHEN state = 'taken' THEN 'When it was read again it was refused: ' ELSE '' END || $2,
                faults = CASE WHEN state = 'taken' THEN faults ELSE 1 END, state = CASE WHEN state = 'taken' THEN state ELSE 'refused' END,
                readings = readings + 1, read_at = $3, rereading = false
            WHERE id = $1 RETURNING readings
            """).With(Sql.Of(file.Id), Sql.Of(detail), Sql.Time(now));
        var readings = (int)(await command.ExecuteScalarAsync(cancellation))!;
        return file with { IsUnfinished = false, State = "refused", Detail = detail, Counts = new FileCounts(Faults: 1), Readings = readings, ReadAt = now };
    }

    /// <summary>The file, or null.</summary>
    public async Task<StatementFile?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Fields} FROM files WHERE id = $1").With(Sql.Of(id));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? Read(rows) : null;
    }

    /// <summary>Files received before this moment whose reading did not end and that are due again, oldest first; 1,000 at most.</summary>
    public async Task<IReadOnlyList<StatementFile>> UnfinishedAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Fields} FROM files WHERE (state = 'reading' OR rereading) AND received_at < $1 AND coalesce(resume_at, '-infinity') <= $1 ORDER BY id LIMIT 1000")
            .With(Sql.Time(before));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<StatementFile> files = [];
        while (await rows.ReadAsync(cancellation)) files.Add(Read(rows));
        return files;
    }

    /// <summary>Puts a file's next reading off before it is read, so that a file whose reading brings the silo down is put off as well.</summary>
    /// <param name="id">The file.</param>
    /// <param name="waitMin">Before the second reading; each further wait is twice as long.</param>
    /// <param name="waitMax">The longest wait.</param>
    /// <param name="cancellation">Ends the wait for the database.</param>
    public async Task PutOffAsync(Guid id, TimeSpan waitMin, TimeSpan waitMax, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE files SET resumes = resumes + 1, resume_at = $2 + least($3 * (2 ^ least(resumes, 30)), $4) * interval '1 second'
            WHERE id = $1 AND (state = 'reading' OR rereading)
            """)
            .With(Sql.Of(id), Sql.Time(clock.GetUtcNow()), Sql.Of(waitMin.TotalSeconds), Sql.Of(waitMax.TotalSeconds));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Says what kept a file from being read to its end.</summary>
    public async Task ExplainAsync(Guid id, string detail, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("UPDATE files SET detail = $2 WHERE id = $1 AND state = 'reading'").With(Sql.Of(id), Sql.Of(detail));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A page of files, newest first.</summary>
    /// <returns>The page, or <c>list-too-wide</c>.</returns>
    public Task<Outcome<IReadOnlyList<StatementFile>>> ListAsync(string? adapter, Guid? after, int limit, CancellationToken cancellation)
    {
        var list = Sql.Command(
            $"""
            SELECT {Fields} FROM files WHERE true {(adapter is null ? "" : "AND adapter_id = $1")} {(after is null ? "" : "AND id < $2")}
            ORDER BY id DESC LIMIT $3
            """,
            Sql.Text(adapter), new NpgsqlParameter { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid }, Sql.Of(limit));
        return BoundedList.ReadAsync(database, list, Read, cancellation);
    }

    /// <summary>The first remarks on a file that a person should look at: faults, warnings, conflicts; notices are left out.</summary>
    public async Task<IReadOnlyList<FileRemark>> RemarksAsync(Guid id, int max, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT e.position, e.kind, e.code, e.psp_reference, e.detail FROM file_entries e
            WHERE e.file_id = $1 AND e.kind NOT IN ('notice', '{FileRemark.Taken}')
                AND NOT EXISTS (SELECT FROM file_entries later
                    WHERE later.file_id = $1 AND later.position = e.position AND later.ordinal = e.ordinal AND later.revision > e.revision)
                AND (e.ordinal <> {RefusalOrdinal} OR EXISTS (SELECT FROM files WHERE id = $1 AND detail IS NOT NULL))
            ORDER BY e.position, e.ordinal LIMIT $2
            """).With(Sql.Of(id), Sql.Of(max));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<FileRemark> remarks = [];
        while (await rows.ReadAsync(cancellation))
        {
            remarks.Add(new FileRemark(
                rows.GetInt32(0), rows.GetString(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3), null, rows.IsDBNull(4) ? null : rows.GetString(4)));
        }

        return remarks;
    }

    private static StatementFile Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Adapter = row.GetString(1),
        Name = row.IsDBNull(2) ? null : row.GetString(2),
        Sha256 = row.GetFieldValue<byte[]>(3),
        Size = row.GetInt64(4),
        State = row.GetString(5),
        Detail = row.IsDBNull(6) ? null : row.GetString(6),
        Counts = new FileCounts(row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12)),
        ReceivedAt = row.GetFieldValue<DateTimeOffset>(13),
        Readings = row.GetInt32(14),
        ReadAt = row.IsDBNull(15) ? null : row.GetFieldValue<DateTimeOffset>(15),
        IsUnfinished = row.GetString(5) == "reading" || row.GetBoolean(16),
    };
}
