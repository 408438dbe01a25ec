using System.Text;

namespace MoMo.Tests.Specs;

/// <summary>A file that is made while it is read, so that a big one takes no memory.</summary>
internal sealed class PiecedStream(IEnumerable<string> pieces, int readMax = int.MaxValue) : Stream
{
    private readonly IEnumerator<string> pieces = pieces.GetEnumerator();
    private ReadOnlyMemory<byte> rest;

    public bool Closed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("A format reads asynchronously.");

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (rest.IsEmpty && pieces.MoveNext()) rest = Encoding.UTF8.GetBytes(pieces.Current);
        var count = Math.Min(Math.Min(buffer.Length, readMax), rest.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return new ValueTask<int>(count);
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Closed = true;
        pieces.Dispose();
        base.Dispose(disposing);
    }
}
