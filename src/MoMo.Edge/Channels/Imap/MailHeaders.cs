using System.Text;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Imap;

/// <summary>The headers of a mail, or of a part of one (RFC 5322).</summary>
internal sealed class MailHeaders
{
    /// <summary>Bytes of the headers of a mail and of all its parts at most.</summary>
    public const int BytesMax = 256 * 1024;

    private const int LinesMax = 1_000;
    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
    private int froms;

    /// <summary>A header's value, unfolded, of several the first; null when there is none.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>What the mail is about, at most 100 characters.</summary>
    public string Subject => EncodedText.Decode(this["Subject"]) is { } text ? text.Length > 100 ? text[..100] : text : "";

    /// <summary>The address it says it is from; null when there is none, or several: one of them would be trusted for another.</summary>
    public string? Sender => froms == 1 && MailboxList.Of(this["From"] ?? "") is [var only] ? only : null;

    /// <summary>Reads what stands before the first empty line.</summary>
    /// <param name="mail">A mail or a part; left with what follows the headers.</param>
    /// <param name="bytesMax">What they may still take; left with what remains of it.</param>
    /// <exception cref="ChannelItemException">They are too long.</exception>
    public static MailHeaders Read(ref ReadOnlyMemory<byte> mail, ref int bytesMax)
    {
        var headers = new MailHeaders();
        var (name, value) = ("", new StringBuilder());
        for (var lines = 0; lines < LinesMax; lines++)
        {
            var end = mail.Span[..Math.Min(mail.Length, bytesMax)].IndexOf((byte)'\n');
            if (end < 0 && mail.Length >= bytesMax) throw TooLong();
            var length = end < 0 ? mail.Length : end + 1;
            var line = Encoding.Latin1.GetString(mail.Span[..length]).TrimEnd('\n').TrimEnd('\r');
            (mail, bytesMax) = (mail[length..], bytesMax - length);
            if (line is [' ' or '\t', ..])
            {
                value.Append(' ').Append(line.AsSpan().Trim());
                continue;
            }

            headers.Add(name, value);
            if (line.Length == 0) return headers;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            name = colon <= 0 ? "" : line[..colon].Trim();
            value.Append(line.AsSpan(colon + 1).Trim());
        }

        throw TooLong();
    }

    private void Add(string name, StringBuilder value)
    {
        if (name.Equals("From", StringComparison.OrdinalIgnoreCase)) froms++;
        // The first of several counts.
        if (name.Length > 0) values.TryAdd(name, value.ToString());
        value.Clear();
    }

    private static ChannelItemException TooLong() => new($"The mail has more than {BytesMax / 1024} KiB or {LinesMax} lines of headers.", isFinal: true);
}
