using System.Globalization;
using System.Text;

namespace MoMo.Edge.Channels.Imap;

/// <summary>A header's word and its parameters, such as <c>attachment; filename="a.csv"</c>; also in pieces and other alphabets (RFC 2231).</summary>
internal sealed class HeaderValue
{
    private const int PiecesMax = 100;
    private readonly Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);

    public HeaderValue(string text)
    {
        var parts = Split(text);
        Word = parts[0].Trim().ToLowerInvariant();
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) continue;
            var value = part[(equals + 1)..].Trim();
            if (value.Length >= 2 && value[0] == '"' && value[^1] == '"') value = Unquoted(value[1..^1]);
            parameters.TryAdd(part[..equals].Trim(), value);
        }
    }

    /// <summary>In small letters.</summary>
    public string Word { get; }

    /// <summary>A parameter; null when it is not there.</summary>
    public string? this[string name]
    {
        get
        {
            if (parameters.TryGetValue($"{name}*", out var extended)) return Extended(extended);
            if (parameters.TryGetValue(name, out var plain)) return plain;
            var pieces = new StringBuilder();
            var coded = false;
            for (var index = 0; index < PiecesMax; index++)
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"{name}*{index}");
                if (parameters.TryGetValue($"{key}*", out var piece)) coded = true;
                else if (!parameters.TryGetValue(key, out piece)) break;
                pieces.Append(piece);
            }

            return pieces.Length == 0 ? null : coded ? Extended(pieces.ToString()) : pieces.ToString();
        }
    }

    private static string Extended(string text)
    {
        var parts = text.Split('\'', 3);
        var bytes = new List<byte>();
        var encoded = parts.Length == 3 ? parts[2] : text;
        for (var place = 0; place < encoded.Length; place++)
        {
            if (encoded[place] == '%' && place + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(place + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                place += 2;
            }
            else
            {
                bytes.Add((byte)encoded[place]);
            }
        }

        return EncodedText.Decode(parts.Length == 3 ? parts[0] : "utf-8", [.. bytes]);
    }

    /// <summary>At the semicolons that are not in quotation marks.</summary>
    private static List<string> Split(string text)
    {
        List<string> parts = [];
        var (start, quoted) = (0, false);
        for (var place = 0; place < text.Length; place++)
        {
            if (text[place] == '\\' && quoted) place++;
            else if (text[place] == '"') quoted = !quoted;
            else if (text[place] == ';' && !quoted)
            {
                parts.Add(text[start..place]);
                start = place + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string Unquoted(string text)
    {
        var plain = new StringBuilder();
        for (var place = 0; place < text.Length; place++)
        {
            if (text[place] == '\\' && place + 1 < text.Length) place++;
            plain.Append(text[place]);
        }

        return plain.ToString();
    }
}
