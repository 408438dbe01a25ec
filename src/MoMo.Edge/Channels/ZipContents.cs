using System.Buffers.Binary;

namespace MoMo.Edge.Channels;

/// <summary>
/// The table of contents at a zip archive's end, walked entry by entry: what the archive says of their number may be a lie.
/// </summary>
internal static class ZipContents
{
    private const uint End64LocatorMark = 0x07064b50;
    private const uint End64Mark = 0x06064b50;
    private const uint EntryMark = 0x02014b50;
    private const int EndLength = 22;
    private const int End64LocatorLength = 20;
    private const int EntryLength = 46;
    private const int CommentMax = ushort.MaxValue;

    /// <summary>Whether the table has more entries than a limit. What is no archive has none: whoever opens it says so.</summary>
    public static async ValueTask<bool> HoldsMoreAsync(Stream archive, int max, CancellationToken cancellation)
    {
        var place = await FindAsync(archive, cancellation);
        for (var count = 0; place is { } at; count++)
        {
            if (await ReadAsync(archive, at, EntryLength, cancellation) is not { } entry || Number(entry, 0) != EntryMark) return false;
            if (count == max) return true;
            place = at + EntryLength + Short(entry, 28) + Short(entry, 30) + Short(entry, 32);
        }

        return false;
    }

    /// <summary>Where the table begins; null when there is none.</summary>
    private static async ValueTask<long?> FindAsync(Stream archive, CancellationToken cancellation)
    {
        var length = (int)Math.Min(archive.Length, EndLength + CommentMax);
        var start = archive.Length - length;
        if (await ReadAsync(archive, start, length, cancellation) is not { } tail) return null;
        var last = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (last < 0 || last + EndLength > tail.Length) return null;
        var begins = Number(tail, last + 16);
        // Any field of an end record that is full stands for one in the longer record of ZIP64.
        var full = begins == uint.MaxValue
            || Short(tail, last + 4) == ushort.MaxValue || Short(tail, last + 8) == ushort.MaxValue || Short(tail, last + 10) == ushort.MaxValue;
        if (!full || await ReadAsync(archive, start + last - End64LocatorLength, End64LocatorLength, cancellation) is not { } locator
            || Number(locator, 0) != End64LocatorMark) return begins;
        return await ReadAsync(archive, Long(locator, 8), 56, cancellation) is { } end && Number(end, 0) == End64Mark ? Long(end, 48) : null;
    }

    private static async ValueTask<byte[]?> ReadAsync(Stream archive, long place, int length, CancellationToken cancellation)
    {
        if (place < 0 || place > archive.Length - length) return null;
        var bytes = new byte[length];
        archive.Position = place;
        await archive.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private static ushort Short(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint Number(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long Long(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
}
