using System.Buffers;

namespace MoMo.Cli;

/// <summary>Text that came from payers and PSPs must not steer the terminal it is shown on.</summary>
internal static class Clean
{
    /// <summary>Control characters, ends of lines and paragraphs, and marks by which what follows is read in the other direction.</summary>
    private static readonly SearchValues<char> Steering = SearchValues.Create(
        [.. Range(0x00, 0x1F), .. Range(0x7F, 0x9F), .. Range(0x2028, 0x202E), .. Range(0x2066, 0x2069)]);

    /// <summary>The text on one line, with every such character shown as <c>�</c>.</summary>
    public static string Text(string? text)
    {
        if (text is null) return "";
        return text.AsSpan().ContainsAny(Steering)
            ? string.Create(text.Length, text, static (shown, raw) =>
            {
                for (var index = 0; index < raw.Length; index++) shown[index] = Steering.Contains(raw[index]) ? '\uFFFD' : raw[index];
            })
            : text;
    }

    private static IEnumerable<char> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
