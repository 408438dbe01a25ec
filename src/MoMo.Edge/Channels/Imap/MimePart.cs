using System.Text;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Imap;

/// <summary>A mail, or a part of one (RFC 2045, 2046): headers, and a body that is bytes, other parts, or another mail.</summary>
internal sealed class MimePart
{
    private const int PartsMax = 1_000;
    private const int DepthMax = 20;

    private readonly MailHeaders headers;
    private readonly ReadOnlyMemory<byte> body;

    private MimePart(ReadOnlyMemory<byte> bytes, Budget budget, int depth)
    {
        if (depth > DepthMax || budget.Parts-- == 0) throw new ChannelItemException("The mail is nested too deeply or has too many parts.", isFinal: true);
        headers = MailHeaders.Read(ref bytes, ref budget.HeaderBytes);
        body = bytes;
        Type = new HeaderValue(headers["Content-Type"] ?? "text/plain");
        Disposition = new HeaderValue(headers["Content-Disposition"] ?? "");
        if (Type.Word.StartsWith("multipart/", StringComparison.Ordinal) && Type["boundary"] is { Length: > 0 } boundary)
            Parts = [.. Split(boundary).Select(part => new MimePart(part, budget, depth + 1))];
        else if (Type.Word is "message/rfc822" or "message/global")
            Parts = [new MimePart(Unfold(budget), budget, depth + 1)];
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
    public string Subject => headers.Subject;

    /// <summary>The address it says it is from; null when there is none, or several.</summary>
    public string? Sender => headers.Sender;

    /// <summary>Whether it reports what became of another mail (RFC 3462, 3464): bounces and receipts.</summary>
    public bool IsBounce => Type.Word == "multipart/report" || Parts.Any(part => part.Type.Word is "message/delivery-status" or "message/disposition-notification");

    /// <summary>Takes a mail apart.</summary>
    /// <exception cref="ChannelItemException">It is nested too deeply.</exception>
    public static MimePart Parse(ReadOnlyMemory<byte> mail) => new(mail, new Budget { CopiedBytes = mail.Length }, 0);

    /// <summary>Its body as the sender had it.</summary>
    /// <exception cref="ChannelItemException">Its encoding is damaged, or nobody knows it.</exception>
    public ReadOnlyMemory<byte> Decode() => (headers["Content-Transfer-Encoding"]?.Trim().ToLowerInvariant() ?? "7bit") switch
    {
        "base64" => TransferEncoding.Base64(body.Span) ?? throw new ChannelItemException($"The attachment '{FileName}' is damaged: its base64 can't be read.", isFinal: true),
        "quoted-printable" => TransferEncoding.QuotedPrintable(body.Span),
        "7bit" or "8bit" or "binary" or "" => body,
        var other => throw new ChannelItemException($"The attachment '{FileName}' is encoded as '{other}', which nobody knows.", isFinal: true),
    };

    /// <summary>A mail within it. Each encoding of it makes another copy, and mails within mails could be copied as often as they are deep.</summary>
    private ReadOnlyMemory<byte> Unfold(Budget budget)
    {
        var mail = Decode();
        if (!mail.Equals(body) && (budget.CopiedBytes -= mail.Length) < 0)
            throw new ChannelItemException("The mail is nested too deeply: mails within it are encoded again and again.", isFinal: true);
        return mail;
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
        public int Parts = PartsMax;
        public int HeaderBytes = MailHeaders.BytesMax;
        public int CopiedBytes;
    }
}
