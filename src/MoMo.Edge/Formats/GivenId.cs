namespace MoMo.Edge.Formats;

/// <summary>Ids in bank statements, where a word stands for an id that nobody gave.</summary>
internal static class GivenId
{
    private static readonly string[] None = ["NOTPROVIDED", "NONREF"];

    /// <summary>The id, made fit to keep and not longer than a limit; null for none, and for a word that says so however it is written.</summary>
    public static string? Of(string? id, int lengthMax = int.MaxValue) => ForeignText.Clean(id, lengthMax) is { } text && !IsNone(text) ? text : null;

    private static bool IsNone(string text)
    {
        // Also in parts: NOT PROVIDED, Not-provided.
        if (text.Length > 20) return false;
        var letters = string.Concat(text.Where(char.IsAsciiLetterOrDigit));
        return None.Contains(letters, StringComparer.OrdinalIgnoreCase);
    }
}
