using System.Text;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>:86: of numbered subfields: a code of three digits, then <c>?00</c> to <c>?99</c> (some banks write another mark). ?20–?29 and
/// ?60–?63 are the remittance, ?31 or ?38 the payer's account, ?32 and ?33 the name.</summary>
internal static class MtSubfields
{
    private static readonly string[] Tags =
        ["EREF+", "KREF+", "MREF+", "CRED+", "DEBT+", "COAM+", "OAMT+", "SVWZ+", "ABWA+", "ABWE+", "IBAN+", "BIC+", "CREF+"];

    /// <summary>The mark between subfields; null when the text has none.</summary>
    public static char? Separator(string text)
    {
        var start = text.AsSpan().TrimStart();
        return start.Length >= 6 && !start[..3].ContainsAnyExceptInRange('0', '9') && start[3] is '?' or '>' or '<' or '^' or '~' or '|' or '#' or '!'
            && char.IsAsciiDigit(start[4]) && char.IsAsciiDigit(start[5]) ? start[3] : null;
    }

    public static MtDetails Read(string text, char separator)
    {
        var (remittance, name) = (new StringBuilder(), new StringBuilder());
        List<int> starts = [];
        string? account = null;
        for (var at = 3; at >= 0;)
        {
            var code = (text[at + 1] - '0') * 10 + text[at + 2] - '0';
            var next = NextMark(text, at + 3, separator);
            var value = text.AsSpan(at + 3, (next < 0 ? text.Length : next) - at - 3);
            if (code is (>= 20 and <= 29) or (>= 60 and <= 63))
            {
                starts.Add(remittance.Length);
                remittance.Append(value);
            }
            else if (code is 32 or 33) name.Append(value);
            else if (code == 38 || (code == 31 && account is null)) account = value.ToString();
            at = next;
        }

        var tagged = Tagged(remittance.ToString(), starts);
        var plain = tagged.GetValueOrDefault("SVWZ+") ?? tagged.GetValueOrDefault("");
        return new MtDetails(
            MtDetails.Clean(plain), MtDetails.Given(tagged.GetValueOrDefault("EREF+")), MtDetails.Given(tagged.GetValueOrDefault("CREF+")),
            MtDetails.Clean(name.ToString()), MtDetails.Clean(account));
    }

    private static int NextMark(string text, int from, char separator)
    {
        for (var at = text.IndexOf(separator, from); at >= 0; at = text.IndexOf(separator, at + 1))
            if (at + 2 < text.Length && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2])) return at;
        return -1;
    }

    /// <summary>The remittance by its tags, what comes before the first under an empty one. A tag begins a subfield or follows a blank.</summary>
    private static Dictionary<string, string> Tagged(string text, List<int> starts)
    {
        Dictionary<string, string> tagged = [];
        var (tag, begun, subfield) = ("", 0, 0);
        for (var at = 0; at <= text.Length; at++)
        {
            while (subfield < starts.Count && starts[subfield] < at) subfield++;
            var starting = subfield < starts.Count && starts[subfield] == at;
            var found = at == text.Length ? null
                : at == 0 || text[at - 1] == ' ' || starting ? Array.Find(Tags, one => string.CompareOrdinal(text, at, one, 0, one.Length) == 0) : null;
            if (found is null && at < text.Length) continue;
            if (at > begun) tagged.TryAdd(tag, text[begun..at]);
            if (found is null) break;
            (tag, begun) = (found, at + found.Length);
        }

        return tagged;
    }
}
