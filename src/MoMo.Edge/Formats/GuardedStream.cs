namespace MoMo.Edge.Formats;

/// <summary>
/// Bounds what a reader may swallow before it has something to show: one XML node, one row. So a file of one endless piece
/// ends early, whatever the reader buffers inside. Read-only, forward only; does not close the stream under it.
/// </summary>
internal sealed class GuardedStream(Stream under, int pieceMax, CancellationToken cancellation) : Stream
{
    private long sincePiece;

    /// <summary>A whole piece has been read.</summary>
    public void Progress() => sincePiece = 0;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Counted(under.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Counted(under.Read(buffer));

    // Readers of XML and CSV pass no token of their own.
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await under.ReadAsync(buffer, cancellation));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(int read)
    {
        sincePiece += read;
        if (sincePiece > pieceMax)
            throw new FileFaultException("piece-too-large", $"One row or element is longer than {pieceMax:N0} bytes.");
        return read;
    }
}
