using System.Globalization;
using System.Text;

namespace MoMo.Edge.Formats.Ofx;

/// <summary>Takes OFX apart, SGML and XML alike: by its tags, of which values may have no end.</summary>
internal sealed class OfxTokens(StreamReader reader, GuardedStream guard)
{
    private const int TextMax = 1 << 16;
    private const int TagMax = 1_000;
    private const int EntityMax = 10;
    private readonly char[] buffer = new char[1 << 14];
    private readonly StringBuilder text = new();
    private readonly StringBuilder tag = new();
    private readonly Dictionary<string, string> names = [];
    private int at, filled;
    private string? name = "";
    private bool closes;

    /// <summary>The next tag; null at the end of the file. A file that ends inside a tag ends before it.</summary>
    public async ValueTask<OfxToken?> NextAsync(CancellationToken cancellation)
    {
        if (name is null) return null;
        text.Clear();
        while (true)
        {
            if (at == filled && !await FillAsync(cancellation))
            {
                var last = new OfxToken(name, closes, "");
                name = null;
                return last;
            }

            var ahead = buffer.AsSpan(at, filled - at);
            var mark = ahead.IndexOf('<');
            var piece = mark < 0 ? ahead : ahead[..mark];
            text.Append(piece);
            if (text.Length > TextMax) throw new FileFaultException("field-too-large", $"A value is longer than {TextMax:N0} characters.");
            at += piece.Length;
            if (mark < 0) continue;
            at++;
            if (!await TagAsync(cancellation)) continue;
            var token = new OfxToken(name, closes, Plain());
            (name, closes) = Named();
            guard.Progress();
            return token;
        }
    }

    /// <summary>Reads up to the end of a tag; false for what is none.</summary>
    private async ValueTask<bool> TagAsync(CancellationToken cancellation)
    {
        tag.Clear();
        while (true)
        {
            if (at == filled && !await FillAsync(cancellation)) return false;
            var letter = buffer[at];
            if (tag.Length == 0 && !char.IsAsciiLetter(letter) && letter is not ('/' or '?' or '!'))
            {
                // A payer may have typed it.
                text.Append('<');
                return false;
            }

            at++;
            if (letter == '>' && Complete()) break;
            tag.Append(letter);
            if (tag.Length > (tag[0] == '!' ? TextMax : TagMax))
                throw new FileFaultException("field-too-large", $"A tag is longer than {TagMax:N0} characters.");
            if (tag.Length == 8 && tag.ToString().Equals("!DOCTYPE", StringComparison.OrdinalIgnoreCase))
                throw new FileFaultException("dtd-refused", "A DOCTYPE is not read.");
        }

        if (tag[0] is '?' or '!')
        {
            if (tag.Length >= 10 && tag.ToString(0, 8) == "![CDATA[") text.Append(Escaped(tag.ToString(8, tag.Length - 10)));
            return false;
        }

        return true;
    }

    private bool Complete() => tag.Length > 0 && (tag[0] != '!' || (Starts("!--") ? tag.Length >= 5 && Ends("--") : !Starts("![CDATA[") || Ends("]]")));

    private bool Starts(string with) => tag.Length >= with.Length && tag.ToString(0, with.Length) == with;

    private bool Ends(string with) => tag.Length >= with.Length && tag.ToString(tag.Length - with.Length, with.Length) == with;

    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal);

    private (string Name, bool Closes) Named()
    {
        var end = tag[0] == '/';
        var start = end ? 1 : 0;
        var length = start;
        // Attributes there are none; a self-closing tag is an empty value.
        while (length < tag.Length && !char.IsWhiteSpace(tag[length]) && tag[length] != '/') length++;
        var written = tag.ToString(start, length - start);
        if (names.TryGetValue(written, out var known)) return (known, end);
        known = written.ToUpperInvariant();
        if (names.Count < 500) names.Add(written, known);
        return (known, end);
    }

    private string Plain()
    {
        var (from, to) = (0, text.Length);
        while (from < to && char.IsWhiteSpace(text[from])) from++;
        while (to > from && char.IsWhiteSpace(text[to - 1])) to--;
        if (from == to) return "";
        var plain = text.ToString(from, to - from);
        return plain.Contains('&', StringComparison.Ordinal) ? Resolved(plain) : plain;
    }

    /// <summary>Entities of XML and HTML's blank; an ampersand that begins none is one.</summary>
    private static string Resolved(string text)
    {
        var resolved = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var end = text[index] == '&' ? text.IndexOf(';', index, Math.Min(EntityMax, text.Length - index)) : -1;
            if (end > 0 && Entity(text.AsSpan(index + 1, end - index - 1)) is { } letters)
            {
                resolved.Append(letters);
                index = end;
            }
            else
            {
                resolved.Append(text[index]);
            }
        }

        return resolved.ToString();
    }

    private static string? Entity(ReadOnlySpan<char> name)
    {
        if (name is not ['#', ..])
            return name switch { "amp" => "&", "lt" => "<", "gt" => ">", "quot" => "\"", "apos" => "'", "nbsp" => " ", _ => null };
        var hex = name is ['#', 'x' or 'X', ..];
        return int.TryParse(name[(hex ? 2 : 1)..], hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            && Rune.IsValid(code) ? new Rune(code).ToString() : null;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        (at, filled) = (0, await reader.ReadAsync(buffer, cancellation));
        return filled > 0;
    }
}
