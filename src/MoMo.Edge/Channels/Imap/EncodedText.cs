using System.Text;
using System.Text.RegularExpressions;
using MoMo.Domain;

namespace MoMo.Edge.Channels.Imap;

/// <summary>Headers' text in other alphabets: <c>=?utf-8?B?…?=</c> (RFC 2047).</summary>
internal static partial class EncodedText
{
    /// <summary>The text as its writer had it; what can't be decoded stays as it is.</summary>
    public static string? Decode(string? text)
    {
        if (text is null) return null;
        var joined = Between().Replace(text, "$1$2");
        var plain = Word().Replace(joined, match =>
        {
            var coded = match.Groups[3].Value;
            var bytes = match.Groups[2].Value is "B" or "b"
                ? TransferEncoding.Base64(Encoding.Latin1.GetBytes(coded))
                : TransferEncoding.QuotedPrintable(Encoding.Latin1.GetBytes(coded.Replace('_', ' ')));
            return bytes is null ? match.Value : Decode(match.Groups[1].Value, bytes);
        });
        return new string([.. plain.Select(letter => UnfitCharacters.Has(letter) ? ' ' : letter)]).Trim();
    }

    /// <summary>Bytes of an alphabet; of one that nobody knows as Latin-1.</summary>
    public static string Decode(string alphabet, byte[] bytes)
    {
        try
        {
            return Encoding.GetEncoding(alphabet).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    // Blanks between two encoded words belong to the encoding.
    [GeneratedRegex(@"(=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=)\s+(?==\?)")]
    private static partial Regex Between();

    [GeneratedRegex(@"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?\s]*)\?=")]
    private static partial Regex Word();
}
