using System.IO.Compression;
using System.Runtime.CompilerServices;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels;

/// <summary>
/// Takes files out of zip and gzip. A bomb is recognised while it unfolds: by <c>sizeMax</c> for all that comes out of one file, by
/// <see cref="EntriesMax"/>, and by <see cref="RatioMax"/>. What is packed inside is not unpacked again.
/// </summary>
public static class Unpacker
{
    /// <summary>Files of one archive at most.</summary>
    public const int EntriesMax = 1_000;

    /// <summary>How many times larger than its packed form a file may be, above the first 10 MiB.</summary>
    public const int RatioMax = 200;

    private const long RatioFreeMax = 10L * 1024 * 1024;

    /// <summary>The files that a file holds: itself, unless it is packed.</summary>
    /// <exception cref="ChannelItemException">It can't be unpacked, or is a bomb.</exception>
    public static async IAsyncEnumerable<ChannelFile> UnpackAsync(ChannelFile file, long sizeMax, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            await using var counted = new CountedStream(file.Bytes);
            await using var unpacked = new GZipStream(counted, CompressionMode.Decompress);
            var budget = new Budget(sizeMax, () => counted.Count);
            yield return new ChannelFile(file.Name[..^3], new BudgetStream(unpacked, budget, async (count, cancel) =>
            {
                // The framework takes a file that was cut off for a whole one; but its last four bytes say how long it was (RFC 1952, section 2.3.1).
                await counted.CopyToAsync(Stream.Null, cancel);
                if (counted.Tail != (uint)(count & uint.MaxValue))
                    throw new ChannelItemException("What is packed in it is damaged: it is cut off, or made of several parts.", isFinal: true);
            }));
        }
        else if (file.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            // A zip file's table of contents is at its end. The folder is for the hub's user alone.
            using var folder = new SpoolFolder();
            await using var spool = new FileStream(
                Path.Combine(folder.Path, "archive"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous });
            await file.Bytes.CopyToAsync(spool, cancellation);
            // Before it is opened: the framework makes an object of each entry, and an archive of a hundred megabytes may hold two million of them.
            if (await ZipContents.HoldsMoreAsync(spool, EntriesMax, cancellation))
                throw new ChannelItemException($"The archive holds more than {EntriesMax} files.", isFinal: true);
            using var archive = Open(spool);
            var budget = new Budget(sizeMax, () => spool.Length);
            foreach (var entry in archive.Entries.Where(entry => entry.Name.Length > 0))
            {
                await using var unpacked = Open(entry);
                yield return new ChannelFile($"{file.Name}/{entry.Name}", new BudgetStream(unpacked, budget, (count, _) => count == entry.Length
                    ? Task.CompletedTask
                    : throw new ChannelItemException("What is packed in it is damaged.", isFinal: true)));
            }
        }
        else
        {
            yield return file;
        }
    }

    private static ZipArchive Open(Stream spool)
    {
        try
        {
            return new ZipArchive(spool, ZipArchiveMode.Read);
        }
        catch (InvalidDataException e)
        {
            throw new ChannelItemException("It is not a zip archive, or is damaged.", isFinal: true, e);
        }
    }

    private static Stream Open(ZipArchiveEntry entry)
    {
        try
        {
            if (entry.IsEncrypted) throw new ChannelItemException("The archive is encrypted.", isFinal: true);
            return entry.Open();
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            throw new ChannelItemException("It is not a zip archive, or is damaged.", isFinal: true, e);
        }
    }

    private sealed class Budget(long sizeMax, Func<long> packed)
    {
        private long count;

        public void Spend(int read)
        {
            count += read;
            if (count > sizeMax) throw new ChannelItemException($"Unpacked it is larger than {sizeMax / (1024 * 1024)} MiB.", isFinal: true);
            if (count > RatioFreeMax && count / RatioMax > packed())
                throw new ChannelItemException($"Unpacked it is more than {RatioMax} times larger: no statement is.", isFinal: true);
        }
    }

    private sealed class CountedStream(Stream under) : ForwardStream
    {
        public long Count { get; private set; }

        /// <summary>The last four bytes as a number, least significant first.</summary>
        public uint Tail { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await under.ReadAsync(buffer, cancellationToken);
            Count += read;
            for (var place = Math.Max(0, read - 4); place < read; place++) Tail = (Tail >> 8) | ((uint)buffer.Span[place] << 24);
            return read;
        }
    }

    private sealed class BudgetStream(Stream under, Budget budget, Func<long, CancellationToken, Task> ended) : ForwardStream
    {
        private long count;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                var read = await under.ReadAsync(buffer, cancellationToken);
                budget.Spend(read);
                count += read;
                if (read == 0 && buffer.Length > 0) await ended(count, cancellationToken);
                return read;
            }
            catch (InvalidDataException e)
            {
                throw new ChannelItemException("What is packed in it is damaged.", isFinal: true, e);
            }
        }
    }
}
