using System.Text;
using System.Text.Unicode;

namespace MoMo.Silo.Api;

/// <summary>Checks what forms and queries write with percent signs: the framework leaves what it can't decode as it stands, as another text.</summary>
internal static class PercentEncoding
{
    /// <summary>What is wrong, in words; null when all can be decoded, to UTF-8.</summary>
    /// <param name="encoded">A form, or a query.</param>
    public static string? Fault(ReadOnlySpan<byte> encoded)
    {
        if (!encoded.Contains((byte)'%')) return null;
        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var place = 0; place < encoded.Length; place++)
        {
            if (encoded[place] != '%')
            {
                decoded[length++] = encoded[place];
                continue;
            }

            if (place + 2 >= encoded.Length || !char.IsAsciiHexDigit((char)encoded[place + 1]) || !char.IsAsciiHexDigit((char)encoded[place + 2]))
                return "a % is followed by two hex digits; a % itself is written %25.";
            decoded[length++] = byte.Parse(encoded.Slice(place + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, provider: null);
            place += 2;
        }

        return Utf8.IsValid(decoded.AsSpan(0, length)) ? null : "what it writes with % is not UTF-8.";
    }

    /// <summary>What is wrong, in words; null when all can be decoded, to UTF-8.</summary>
    /// <param name="encoded">A query.</param>
    public static string? Fault(string encoded) => encoded.Contains('%', StringComparison.Ordinal) ? Fault(Encoding.UTF8.GetBytes(encoded)) : null;
}
