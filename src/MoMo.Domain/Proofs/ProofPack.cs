using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MoMo.Domain.Proofs;

/// <summary>
/// Many messages in one compressed block: what arrives in one turn is kept in one row. Inside, each message is its envelope (JSON) and its body,
/// each after its length (four bytes, little endian).
/// </summary>
public sealed class ProofPack
{
    private ArrayBufferWriter<byte> plain = new(16 * 1024);

    private string? last;

    /// <summary>Messages so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a message and tells its position.</summary>
    public int Add(string envelope, ReadOnlySpan<byte> body)
    {
        if (ReferenceEquals(envelope, last)) WriteLength(-1);
        else Write(Encoding.UTF8.GetBytes(envelope));
        last = envelope;
        Write(body);
        return Count++;
    }

    /// <summary>Forgets the messages.</summary>
    public void Clear()
    {
        if (plain.Capacity > 16 * 1024 * 1024) plain = new ArrayBufferWriter<byte>(16 * 1024);
        plain.ResetWrittenCount();
        Count = 0;
        last = null;
    }

    /// <summary>The pack as it is stored.</summary>
    public byte[] ToBytes() => Compress(plain.WrittenSpan);

    /// <summary>Reads one message of a stored pack.</summary>
    /// <exception cref="InvalidDataException">The pack is damaged.</exception>
    public static (string Envelope, byte[] Body) Read(byte[] stored, int position)
    {
        using var reader = new BinaryReader(new BrotliStream(new MemoryStream(stored), CompressionMode.Decompress));
        try
        {
            byte[] envelope = [];
            for (var place = 0; ; place++)
            {
                envelope = Next(reader) ?? envelope;
                var body = Next(reader) ?? throw new EndOfStreamException();
                if (place == position) return (Encoding.UTF8.GetString(envelope), body);
            }
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"A proof pack ends before message {position}.", e);
        }
    }

    /// <summary>Reads the bodies of all messages of a stored pack, in their order.</summary>
    /// <exception cref="InvalidDataException">The pack is damaged.</exception>
    public static IReadOnlyList<byte[]> ReadAll(byte[] stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        List<byte[]> bodies = [];
        try
        {
            using var reader = new BinaryReader(new MemoryStream(Decompress(stored)));
            while (reader.BaseStream.Position < reader.BaseStream.Length)
            {
                _ = Next(reader);
                bodies.Add(Next(reader) ?? throw new EndOfStreamException());
            }
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException($"A proof pack is damaged behind message {bodies.Count}.", e);
        }

        return bodies;
    }

    /// <summary>Compresses a piece of a file.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> piece)
    {
        var most = BrotliEncoder.GetMaxCompressedLength(piece.Length);
        var room = new byte[most];
        if (!BrotliEncoder.TryCompress(piece, room, out var written, quality: 1, window: 22))
            throw new InvalidOperationException("Brotli found no room in its own maximum.");
        return room[..written];
    }

    /// <summary>The piece of a file that was compressed.</summary>
    public static byte[] Decompress(byte[] stored)
    {
        using var brotli = new BrotliStream(new MemoryStream(stored), CompressionMode.Decompress);
        using var piece = new MemoryStream();
        brotli.CopyTo(piece);
        return piece.ToArray();
    }

    private static byte[]? Next(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        if (length == -1) return null;
        // A length that is damaged must not make room for more than there is.
        if (reader.BaseStream is { CanSeek: true } all && length > all.Length - all.Position) throw new EndOfStreamException();
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        WriteLength(bytes.Length);
        plain.Write(bytes);
    }

    private void WriteLength(int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(plain.GetSpan(4), length);
        plain.Advance(4);
    }
}
