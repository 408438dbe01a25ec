namespace MoMo.Edge.Formats;

/// <summary>
/// Bounds what a reader may swallow before it has something to show: one XML node, one row. So a file of one endless piece
/// ends early, whatever the reader buffers inside. Read-only, forward only; does not close the stream under it.
/// </summary>
internal sealed class GuardedStream(Stream under, int pieceMax, CancellationToken cancellation) : ForwardStream
{
    private long sincePiece;

    /// <summary>A whole piece has been read.</summary>
    public void Progress() => sincePiece = 0;

    public override int Read(byte[] buffer, int offset, int count) => Counted(under.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Counted(under.Read(buffer));

    // Readers of XML and CSV pass no token of their own.
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await under.ReadAsync(buffer, cancellation));

    private int Counted(int read)
    {
        sincePiece += read;
        if (sincePiece > pieceMax)
            throw new FileFaultException("piece-too-large", $"One row or element is longer than {pieceMax:N0} bytes.");
        return read;
    }
}
