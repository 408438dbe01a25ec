using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Ftp;

/// <summary>A file on its way: it has ended only when the server says so on the control connection, too.</summary>
internal sealed class FtpReader(FtpClient client, Stream data, CancellationToken cancellation) : ForwardStream
{
    private bool ended;
    private bool broken;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ended || buffer.IsEmpty) return 0;
        broken = true;
        var read = await data.ReadAsync(buffer, cancellation);
        if (read == 0) await EndAsync();
        broken = false;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await data.DisposeAsync();
        // Broken off by us: the server answers once more, with whatever word.
        if (!ended && !broken) await client.ReadAsync(cancellation);
        await base.DisposeAsync();
    }

    private async Task EndAsync()
    {
        await data.DisposeAsync();
        ended = true;
        var reply = await client.ReadAsync(cancellation);
        if (!reply.IsDone) throw new ChannelException($"The server broke the transfer off with {reply.Code}.");
    }
}
