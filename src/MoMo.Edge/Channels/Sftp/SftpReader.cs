namespace MoMo.Edge.Channels.Sftp;

/// <summary>A file on an SFTP server, read from its start.</summary>
internal sealed class SftpReader(SftpFolder folder, byte[] handle, CancellationToken cancellation) : ForwardStream
{
    private const int PieceMax = 128 * 1024;
    private ReadOnlyMemory<byte> rest;
    private ulong offset;
    private bool broken;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (rest.IsEmpty)
        {
            broken = true;
            rest = await folder.ReadAsync(handle, offset, PieceMax, cancellation);
            broken = false;
            offset += (ulong)rest.Length;
        }

        var count = Math.Min(buffer.Length, rest.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!broken) await folder.CloseAsync(handle, cancellation);
        await base.DisposeAsync();
    }
}
