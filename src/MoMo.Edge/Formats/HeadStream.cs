namespace MoMo.Edge.Formats;

/// <summary>A stream whose first bytes were read already to see what it is. Read-only, forward only; does not close the stream under
/// it.</summary>
internal sealed class HeadStream : ForwardStream
{
    private readonly Stream under;
    private readonly byte[] head;
    private readonly int length;
    private int given;

    private HeadStream(Stream under, byte[] head, int length) => (this.under, this.head, this.length) = (under, head, length);

    /// <summary>What was read already.</summary>
    public ReadOnlySpan<byte> Head => head.AsSpan(0, length);

    public static async Task<HeadStream> LookAsync(Stream under, int bytesMax, CancellationToken cancellation)
    {
        var head = new byte[bytesMax];
        return new HeadStream(under, head, await under.ReadAtLeastAsync(head, bytesMax, throwOnEndOfStream: false, cancellation));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => given < length ? Give(buffer) : under.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        given < length ? new ValueTask<int>(Give(buffer.Span)) : under.ReadAsync(buffer, cancellationToken);

    private int Give(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, length - given);
        head.AsSpan(given, count).CopyTo(buffer);
        given += count;
        return count;
    }
}
