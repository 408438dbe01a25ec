using System.Buffers.Text;

namespace MoMo.Bench.Load;

/// <summary>Reads as much of an HTTP/1.1 response as a load generator needs: is it complete, and what is its status.</summary>
internal static class Answer
{
    /// <summary>The status when the response is complete, 0 when more of it is to come.</summary>
    public static int StatusOf(ReadOnlySpan<byte> response)
    {
        var end = response.IndexOf("\r\n\r\n"u8);
        if (end < 0 || response.Length < 12 || !Utf8Parser.TryParse(response.Slice(9, 3), out int status, out _)) return 0;
        var headers = response[..(end + 2)];
        var body = response[(end + 4)..];
        var length = headers.IndexOf("Content-Length: "u8);
        var complete = length >= 0
            ? Utf8Parser.TryParse(headers[(length + 16)..], out int wanted, out _) && body.Length >= wanted
            : status == 204 || body.EndsWith("0\r\n\r\n"u8); // chunked: one request at a time, so the end is the end
        return complete ? status : 0;
    }
}
