using System.Text;
using MoMo.Domain;

namespace MoMo.Edge.Mail;

/// <summary>Text in headers: as it is while it is printable ASCII, else as encoded words of UTF-8 (RFC 2047), folded before they grow too long.</summary>
internal static class EncodedWords
{
    /// <summary>Bytes of text in one encoded word: 60 characters of base64, and 72 with what is around it; 75 are allowed.</summary>
    private const int BytesMax = 45;
    private const int PlainMax = 60;

    /// <summary>Text that may stand in a header. Control characters become blanks.</summary>
    public static string Of(string text)
    {
        var clean = new string([.. text.Select(letter => UnfitCharacters.Has(letter) ? ' ' : letter)]);
        if (clean.Length <= PlainMax && clean.All(letter => letter is >= ' ' and <= '~') && !clean.Contains("=?", StringComparison.Ordinal)) return clean;
        List<string> words = [];
        var piece = new MemoryStream();
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in clean.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(bytes);
            if (piece.Length + count > BytesMax) End();
            piece.Write(bytes[..count]);
        }

        End();
        return string.Join("\r\n ", words);

        void End()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String(piece.ToArray())}?=");
            piece.SetLength(0);
        }
    }

    /// <summary>A name before an address: a quoted string, or encoded words.</summary>
    public static string Phrase(string name)
    {
        var words = Of(name);
        return words.StartsWith("=?", StringComparison.Ordinal)
            ? words
            : $"\"{words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A body of text as quoted-printable (RFC 2045, 6.7): lines of at most 76 characters of ASCII that end in CRLF.</summary>
    public static string QuotedPrintable(string text)
    {
        var coded = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            var length = 0;
            for (var place = 0; place < bytes.Length; place++)
            {
                var one = bytes[place];
                var isLast = place == bytes.Length - 1;
                var isPlain = one is > (byte)' ' and <= (byte)'~' and not (byte)'=' || one == (byte)' ' && !isLast;
                var cost = isPlain ? 1 : 3;
                if (length + cost > (isLast ? 76 : 75))
                {
                    coded.Append("=\r\n");
                    length = 0;
                }

                if (isPlain) coded.Append((char)one);
                else coded.Append('=').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
                length += cost;
            }

            coded.Append("\r\n");
        }

        return coded.ToString();
    }
}
