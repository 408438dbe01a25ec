namespace MoMo.Cli;

/// <summary>Text that came from payers and PSPs must not steer the terminal it is shown on.</summary>
internal static class Clean
{
    /// <summary>The text on one line, with every control character shown as <c>�</c>.</summary>
    public static string Text(string? text)
    {
        if (text is null) return "";
        return text.AsSpan().ContainsAnyInRange('\0', '\x1F') || text.AsSpan().ContainsAnyInRange('\x7F', '\x9F')
            ? string.Create(text.Length, text, static (shown, raw) =>
            {
                for (var index = 0; index < raw.Length; index++) shown[index] = char.IsControl(raw[index]) ? '\uFFFD' : raw[index];
            })
            : text;
    }
}
