using System.Text;

namespace MoMo.Edge.Channels.Imap;

/// <summary>The addresses of a header such as From (RFC 5322, section 3.4): with names, in quotation marks or not, comments, and groups.</summary>
internal static class MailboxList
{
    /// <summary>All addresses; none when one of them can't be read.</summary>
    public static IReadOnlyList<string> Of(string header)
    {
        List<string> addresses = [];
        var (plain, angled, quoted, comments) = (new StringBuilder(), (StringBuilder?)null, false, 0);
        var closed = false;
        foreach (var (letter, escaped) in Letters(header))
        {
            if (quoted || comments > 0)
            {
                if (escaped) continue;
                if (letter == '"' && comments == 0) quoted = false;
                else if (letter is '(' or ')' && !quoted) comments += letter == '(' ? 1 : -1;
                continue;
            }

            switch (letter)
            {
                case '"' when angled is null || closed:
                    quoted = true;
                    break;
                case '(':
                    comments++;
                    break;
                case '<' when angled is null:
                    angled = new StringBuilder();
                    break;
                case '>' when angled is not null && !closed:
                    closed = true;
                    break;
                case ',' or ';' when angled is null || closed:
                    if (!Take()) return [];
                    break;
                case ':' when angled is null:
                    plain.Clear(); // the name of a group
                    break;
                case '<' or '>' or '"':
                    return [];
                default:
                    (angled is null || closed ? plain : angled).Append(letter);
                    break;
            }
        }

        return !quoted && comments == 0 && (angled is null || closed) && Take() ? addresses : [];

        bool Take()
        {
            var address = (angled ?? plain).ToString().Trim();
            var nothing = angled is null && address.Length == 0;
            (angled, closed) = (null, false);
            plain.Clear();
            if (nothing) return true;
            if (!IsAddress(address)) return false;
            addresses.Add(address);
            return true;
        }
    }

    /// <summary>Each letter, and whether a backslash stands before it.</summary>
    private static IEnumerable<(char Letter, bool Escaped)> Letters(string text)
    {
        for (var place = 0; place < text.Length; place++)
        {
            var escaped = text[place] == '\\' && place + 1 < text.Length;
            if (escaped) place++;
            yield return (text[place], escaped);
        }
    }

    private static bool IsAddress(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1 && !text.Any(char.IsWhiteSpace);
}
