using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels;

/// <summary>
/// A file on its way in: throws when it ends before its listed size, goes on after it, or is larger than allowed, so that no part of a file passes
/// for the whole. Read-only, forward only; closes the stream under it.
/// </summary>
/// <param name="under">The bytes.</param>
/// <param name="size">As listed; null when the server did not tell.</param>
/// <param name="sizeMax">Bytes at most.</param>
internal sealed class ExactStream(Stream under, long? size, long sizeMax) : ForwardStream
{
    private long count;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await under.ReadAsync(buffer, cancellationToken);
        count += read;
        if (count > sizeMax) throw new ChannelItemException($"It is larger than {sizeMax / (1024 * 1024)} MiB.", isFinal: true);
        if (count > size) throw new ChannelItemException("It has grown while it was read.", isFinal: false);
        if (read == 0 && buffer.Length > 0 && count < size)
            throw new ChannelException($"The server broke off after {count:N0} of {size:N0} bytes.");
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await under.DisposeAsync();
        await base.DisposeAsync();
    }
}
