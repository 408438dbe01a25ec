using System.Buffers;
using System.Buffers.Text;

namespace MoMo.Edge.Channels.Imap;

/// <summary>How mails carry bytes (RFC 2045, section 6).</summary>
internal static class TransferEncoding
{
    /// <summary>Decodes base64; line ends and blanks are left out.</summary>
    /// <returns>The bytes; null when it is damaged, or ends in the middle.</returns>
    public static byte[]? Base64(ReadOnlySpan<byte> text)
    {
        var plain = new byte[text.Length];
        var count = 0;
        foreach (var letter in text)
            if (letter is not ((byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t')) plain[count++] = letter;
        var bytes = new byte[System.Buffers.Text.Base64.GetMaxDecodedFromUtf8Length(count)];
        return System.Buffers.Text.Base64.DecodeFromUtf8(plain.AsSpan(0, count), bytes, out _, out var written) == OperationStatus.Done ? bytes[..written] : null;
    }

    /// <summary>Decodes quoted-printable; what is no code stands for itself.</summary>
    public static byte[] QuotedPrintable(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[text.Length];
        var count = 0;
        for (var place = 0; place < text.Length; place++)
        {
            if (text[place] != '=')
            {
                bytes[count++] = text[place];
                continue;
            }

            // A soft line end, perhaps with blanks before it.
            var end = place + 1;
            while (end < text.Length && text[end] is (byte)' ' or (byte)'\t') end++;
            if (end < text.Length && text[end] == '\r') end++;
            if (end == text.Length || text[end] == '\n')
            {
                place = end;
                continue;
            }

            if (place + 2 < text.Length && Utf8Parser.TryParse(text.Slice(place + 1, 2), out byte value, out var used, 'x') && used == 2)
            {
                bytes[count++] = value;
                place += 2;
            }
            else
            {
                bytes[count++] = text[place];
            }
        }

        return bytes[..count];
    }
}
