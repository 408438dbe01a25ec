using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels;

/// <summary>A connection whose other end may not be silent for long. Whatever breaks it is a <see cref="ChannelException"/>.</summary>
internal sealed class PatientStream(Stream under, TimeSpan silenceMax) : Stream
{
    /// <summary>Bytes that are written at once: who takes these within the silence that is allowed is slow, and not silent.</summary>
    public const int PieceMax = 16 * 1024;

    private TimeSpan silenceMax = silenceMax;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The connection under it, to speak TLS on.</summary>
    public Stream Under => under;

    /// <summary>From now on nothing but the caller ends a wait.</summary>
    public void WaitOn() => silenceMax = Timeout.InfiniteTimeSpan;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = 0;
        await WithinAsync(async late => read = await under.ReadAsync(buffer, late), cancellationToken);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        do
        {
            var piece = buffer[..Math.Min(buffer.Length, PieceMax)];
            buffer = buffer[piece.Length..];
            await WithinAsync(
                async late =>
                {
                    await under.WriteAsync(piece, late);
                    await under.FlushAsync(late);
                },
                cancellationToken);
        }
        while (!buffer.IsEmpty);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await under.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task WithinAsync(Func<CancellationToken, Task> act, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(silenceMax);
        try
        {
            await act(late.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ChannelException($"The server was silent for {silenceMax.TotalSeconds:0.#} s.", e);
        }
        catch (IOException e) when (e is not ChannelException)
        {
            throw new ChannelException("The server broke the connection off.", e);
        }
    }
}
