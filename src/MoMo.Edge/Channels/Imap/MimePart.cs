using System.Text;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Imap;

/// <summary>A mail, or a part of one (RFC 2045, 2046): headers, and a body that is bytes, other parts, or another mail.</summary>
internal sealed class MimePart
{
    private const int HeadersMax = 1_000;
    private const int PartsMax = 1_000;
    private const int DepthMax = 20;

    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly ReadOnlyMemory<byte> body;

    private MimePart(ReadOnlyMemory<byte> bytes, Budget budget, int depth)
    {
        if (depth > DepthMax || budget.Left-- == 0) throw new ChannelItemException("The mail is nested too deeply or has too many parts.", isFinal: true);
        body = ReadHeaders(bytes);
        Type = new HeaderValue(headers.GetValueOrDefault("Content-Type") ?? "text/plain");
        Disposition = new HeaderValue(headers.GetValueOrDefault("Content-Disposition") ?? "");
        if (Type.Word.StartsWith("multipart/", StringComparison.Ordinal) && Type["boundary"] is { Length: > 0 } boundary)
            Parts = [.. Split(boundary).Select(part => new MimePart(part, budget, depth + 1))];
        else if (Type.Word is "message/rfc822" or "message/global")
            Parts = [new MimePart(Decode(), budget, depth + 1)];
    }

    /// <summary><c>Content-Type</c>.</summary>
    public HeaderValue Type { get; }

    /// <summary><c>Content-Disposition</c>.</summary>
    public HeaderValue Disposition { get; }

    /// <summary>What it is made of; empty when its body is bytes.</summary>
    public IReadOnlyList<MimePart> Parts { get; } = [];

    /// <summary>The name that its sender gave it.</summary>
    public string? FileName => EncodedText.Decode(Disposition["filename"] ?? Type["name"]);

    /// <summary>What the mail is about, at most 100 characters.</summary>
    public string Subject => EncodedText.Decode(headers.GetValueOrDefault("Subject")) is { } text ? text.Length > 100 ? text[..100] : text : "";

    /// <summary>The address it says it is from; null when there is none, or several.</summary>
    public string? Sender
    {
        get
        {
            var from = headers.GetValueOrDefault("From") ?? "";
            var (open, close) = (from.LastIndexOf('<'), from.LastIndexOf('>'));
            var address = (open >= 0 && close > open ? from[(open + 1)..close] : from).Trim();
            return address.Contains('@', StringComparison.Ordinal) && !address.Any(letter => letter is ' ' or ',' or '"') ? address : null;
        }
    }

    /// <summary>Whether it reports what became of another mail (RFC 3462, 3464): bounces and receipts.</summary>
    public bool IsBounce => Type.Word == "multipart/report" || Parts.Any(part => part.Type.Word is "message/delivery-status" or "message/disposition-notification");

    /// <summary>Takes a mail apart.</summary>
    /// <exception cref="ChannelItemException">It is nested too deeply.</exception>
    public static MimePart Parse(ReadOnlyMemory<byte> mail) => new(mail, new Budget { Left = PartsMax }, 0);

    /// <summary>Its body as the sender had it.</summary>
    /// <exception cref="ChannelItemException">Its encoding is damaged, or nobody knows it.</exception>
    public byte[] Decode() => (headers.GetValueOrDefault("Content-Transfer-Encoding")?.Trim().ToLowerInvariant() ?? "7bit") switch
    {
        "base64" => TransferEncoding.Base64(body.Span) ?? throw new ChannelItemException($"The attachment '{FileName}' is damaged: its base64 can't be read.", isFinal: true),
        "quoted-printable" => TransferEncoding.QuotedPrintable(body.Span),
        "7bit" or "8bit" or "binary" or "" => body.ToArray(),
        var other => throw new ChannelItemException($"The attachment '{FileName}' is encoded as '{other}', which nobody knows.", isFinal: true),
    };

    /// <returns>What follows the headers.</returns>
    private ReadOnlyMemory<byte> ReadHeaders(ReadOnlyMemory<byte> bytes)
    {
        string? name = null;
        for (var count = 0; count < HeadersMax; count++)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            var line = Encoding.Latin1.GetString((end < 0 ? bytes : bytes[..end]).Span).TrimEnd('\r');
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (line.Length == 0) return bytes;
            if (line[0] is ' ' or '\t')
            {
                if (name is not null) headers[name] += " " + line.Trim();
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) continue;
            name = line[..colon].Trim();
            // The first of several counts.
            if (!headers.TryAdd(name, line[(colon + 1)..].Trim())) name = null;
        }

        throw new ChannelItemException($"The mail has more than {HeadersMax} lines of headers.", isFinal: true);
    }

    /// <summary>What stands between the boundary's lines.</summary>
    private List<ReadOnlyMemory<byte>> Split(string boundary)
    {
        var mark = Encoding.Latin1.GetBytes($"--{boundary}");
        List<ReadOnlyMemory<byte>> parts = [];
        var start = -1;
        for (var place = 0; place < body.Length;)
        {
            var length = body.Span[place..].IndexOf((byte)'\n');
            var next = length < 0 ? body.Length : place + length + 1;
            var line = body.Span[place..next].TrimEnd("\r\n \t"u8);
            if (line.StartsWith(mark) && (line.Length == mark.Length || line[mark.Length..].SequenceEqual("--"u8)))
            {
                if (start >= 0) parts.Add(Trimmed(body[start..place]));
                start = next;
                if (line.Length > mark.Length) return parts;
                if (parts.Count > PartsMax) break;
            }

            place = next;
        }

        // Without the last boundary the mail was cut off, and what it holds can't be trusted.
        throw new ChannelItemException("The mail is cut off: a part of it has no end.", isFinal: true);
    }

    /// <summary>The line end before a boundary belongs to the boundary.</summary>
    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> part)
    {
        if (part.Span.EndsWith("\r\n"u8)) return part[..^2];
        return part.Span.EndsWith("\n"u8) ? part[..^1] : part;
    }

    private sealed class Budget
    {
        public int Left { get; set; }
    }
}
