using System.Buffers;
using System.Threading.Channels;

namespace MoMo.Client;

/// <summary>Some payments of a stream as NDJSON, small enough that a server takes the whole body before it has to answer.</summary>
internal sealed class BulkBatch
{
    /// <summary>Payments of one request.</summary>
    public const int CountMax = 1_000;

    /// <summary>
    /// Bytes after which a batch is closed. A client that speaks HTTP/1.1 reads no answer before its request is out, so the body must fit
    /// into the buffers on the way, or both sides would wait for each other; Kestrel's holds 1 MiB.
    /// </summary>
    public const int SizeMax = 524_288;

    private readonly ArrayBufferWriter<byte> body = new();

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Body => body.WrittenMemory;

    private bool Full => Count >= CountMax || body.WrittenCount >= SizeMax;

    /// <summary>Whether it gets one answer: the hub answers no blank line, and each part of a parted one.</summary>
    public static bool IsLine(ReadOnlySpan<byte> text) => !text.Contains((byte)'\n') && !text.TrimEnd("\r \t"u8).IsEmpty;

    /// <summary>Takes the line of at least one payment, and whatever else is there already, without waiting for more.</summary>
    /// <returns>The batch; null when the stream has ended.</returns>
    public static async Task<BulkBatch?> TakeAsync(ChannelReader<ReadOnlyMemory<byte>> lines, CancellationToken cancellation)
    {
        if (!await lines.WaitToReadAsync(cancellation)) return null;

        var batch = new BulkBatch();
        while (!batch.Full && lines.TryRead(out var line)) batch.Add(line.Span);
        return batch;
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        body.Write(line);
        body.Write("\n"u8);
        Count++;
    }
}
