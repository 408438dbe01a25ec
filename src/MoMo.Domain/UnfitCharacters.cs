using System.Buffers;

namespace MoMo.Domain;

/// <summary>
/// Characters that no text from outside may hold, in whatever format it comes: control characters (C0, DEL and C1), which terminals and logs obey;
/// Unicode's own ends of lines and paragraphs (U+2028, U+2029), by which one line of a log becomes two; marks that turn the direction of what follows
/// (U+202A–202E, U+2066–2069), by which a name or a number is read as another; and the two code points that are no characters. Formats in which a
/// person wrote refuse them; of files and messages of PSPs, which nobody can mend, they become blanks.
/// </summary>
public static class UnfitCharacters
{
    private static readonly SearchValues<char> All = SearchValues.Create(
        [.. Range(0x00, 0x1F), .. Range(0x7F, 0x9F), .. Range(0x2028, 0x202E), .. Range(0x2066, 0x2069), '\uFFFE', '\uFFFF']);

    /// <summary>Whether this one is.</summary>
    public static bool Has(char letter) => All.Contains(letter);

    /// <summary>Whether one of them is in a text.</summary>
    public static bool AreIn(ReadOnlySpan<char> text) => text.ContainsAny(All);

    private static IEnumerable<char> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
