using System.Text;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels;

/// <summary>Lines, and bytes between them, of a connection. Lines are Latin-1, so that no byte is lost.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>Bytes of one line at most.</summary>
    public const int LineMax = 1024 * 1024;

    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    /// <summary>Whether something was sent that was not read yet.</summary>
    public bool HasMore => start < end;

    /// <summary>A line without its end.</summary>
    /// <exception cref="ChannelException">The connection ended, or the line has none.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (start == end && !await FillAsync(cancellation)) throw new ChannelException("The server broke the connection off.");
            var place = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            var count = place < 0 ? end - start : place;
            line.Append(Encoding.Latin1.GetString(buffer, start, count));
            start += place < 0 ? count : count + 1;
            if (line.Length > LineMax) throw new ChannelException("The server sends a line without an end.");
            if (place < 0) continue;
            if (line.Length > 0 && line[^1] == '\r') line.Length--;
            return line.ToString();
        }
    }

    /// <summary>So many bytes.</summary>
    /// <exception cref="ChannelException">The connection ended before.</exception>
    public async Task<byte[]> ReadBytesAsync(int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            if (start == end && !await FillAsync(cancellation)) throw new ChannelException($"The server broke off after {done:N0} of {count:N0} bytes.");
            var piece = Math.Min(count - done, end - start);
            buffer.AsSpan(start, piece).CopyTo(bytes.AsSpan(done));
            start += piece;
            done += piece;
        }

        return bytes;
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        start = 0;
        end = await stream.ReadAsync(buffer, cancellation);
        return end > 0;
    }
}
