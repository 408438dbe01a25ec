using System.Globalization;
using System.Text;

namespace MoMo.Bench.Load;

/// <summary>The lines of an HTTP/1.1 response, chunked as streams are, without a copy of each.</summary>
internal sealed class ChunkedReader : IDisposable
{
    private readonly BufferedStream stream;
    private byte[] line = new byte[4 * 1024];
    private int left; // of the chunk

    public ChunkedReader(Stream stream)
    {
        this.stream = new BufferedStream(stream, 64 * 1024);
        Status = int.Parse(Head().Split(' ')[1], CultureInfo.InvariantCulture);
        var chunked = false;
        while (Head() is { Length: > 0 } header) chunked |= header.Equals("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
        if (!chunked) left = int.MaxValue; // a short refusal, as long as the connection lasts
    }

    public int Status { get; }

    /// <summary>The next line without its end.</summary>
    /// <returns>False after the last one.</returns>
    public bool NextLine(out ReadOnlySpan<byte> found)
    {
        var length = 0;
        while (Next() is var letter and >= 0)
        {
            if (letter == '\n')
            {
                found = line.AsSpan(0, length);
                return true;
            }

            if (length == line.Length) Array.Resize(ref line, length * 2);
            line[length++] = (byte)letter;
        }

        found = line.AsSpan(0, length);
        return length > 0;
    }

    /// <summary>The next line as text, for people; empty after the last one.</summary>
    public string ReadLine() => NextLine(out var found) ? Encoding.UTF8.GetString(found) : "";

    public void Dispose() => stream.Dispose();

    /// <summary>The next byte of the body, -1 at its end.</summary>
    private int Next()
    {
        if (left == 0)
        {
            var size = Head();
            if (size.Length == 0) size = Head(); // the end of the chunk before
            left = size.Length == 0 ? 0 : int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (left == 0) return -1;
        }

        left--;
        return stream.ReadByte();
    }

    /// <summary>A line of the head, or of the marks between chunks.</summary>
    private string Head()
    {
        var text = new StringBuilder();
        while (stream.ReadByte() is var letter and >= 0 && letter != '\n')
            if (letter != '\r') text.Append((char)letter);
        return text.ToString();
    }
}
