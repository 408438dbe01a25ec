using System.Text;
using System.Text.RegularExpressions;

namespace MoMo.Edge.Formats.Ofx;

/// <summary>Reads which encoding a file says it is in.</summary>
internal static partial class OfxEncoding
{
    /// <summary>Bytes that are looked at; the header of either version is shorter.</summary>
    public const int HeadMax = 1_024;

    public static Encoding Of(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head);
        var body = text.IndexOf("<OFX>", StringComparison.OrdinalIgnoreCase);
        if (body >= 0) text = text[..body];
        var name = Xml().Match(text) is { Success: true } xml ? xml.Groups[1].Value
            : Unicode().IsMatch(text) ? "utf-8"
            : Charset().Match(text) is { Success: true } sgml ? sgml.Groups[1].Value : "";
        if (name.StartsWith("8859-", StringComparison.Ordinal)) name = $"iso-{name}";
        if (name.ToUpperInvariant() is "" or "NONE" or "1252" or "WINDOWS-1252" or "US-ASCII" or "USASCII" or "UTF-8")
            return Windows1252Fallback.Utf8;
        try
        {
            return Windows1252Fallback.Find(int.TryParse(name, out _) ? $"windows-{name}" : name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FileFaultException("encoding-invalid", $"The file says it is in '{ForeignText.Clean(name, 40)}', which is no known encoding.");
        }
    }

    [GeneratedRegex("""<\?xml[^>]*\sencoding=["']([^"']{1,40})["']""", RegexOptions.CultureInvariant)]
    private static partial Regex Xml();

    [GeneratedRegex(@"ENCODING:\s*(UTF-?8|UNICODE)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Unicode();

    [GeneratedRegex(@"CHARSET:\s*([\w-]{1,40})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
