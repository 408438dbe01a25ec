using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MoMo.Edge.Formats;

/// <summary>
/// Counts how often each text has come. Keeps 64 bits of each text's SHA-256, about 30 bytes a text: 2,000,000 texts stay below 128 MiB.
/// Two texts that collide (1 in 10 million files of that size) make a repeat of what is none: an odd reference, no lost money.
/// </summary>
internal sealed class Repeats(int textsMax)
{
    private readonly Dictionary<ulong, int> counts = [];

    /// <summary>1 the first time, 2 the second, …</summary>
    public int Next(ReadOnlySpan<char> text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), hash);
        ArrayPool<byte>.Shared.Return(bytes);
        return Next(hash);
    }

    /// <summary>The same for a text whose SHA-256 is known.</summary>
    public int Next(ReadOnlySpan<byte> sha256)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, BinaryPrimitives.ReadUInt64LittleEndian(sha256), out _);
        if (counts.Count > textsMax)
            throw new FileFaultException("file-too-long", $"More than {textsMax:N0} payments cannot be told apart in one file.");
        return ++count;
    }
}
