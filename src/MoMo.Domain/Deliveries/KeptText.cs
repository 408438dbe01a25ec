using System.Text;

namespace MoMo.Domain.Deliveries;

/// <summary>Text of others as every store can keep it: whatever a kind quotes, what came of its attempt must never be refused for it.</summary>
internal static class KeptText
{
    /// <summary>NUL becomes a blank, halves of surrogate pairs become the replacement character; cut at a limit, never inside a character.</summary>
    /// <param name="text">Any.</param>
    /// <param name="lengthMax">Characters that are kept at most.</param>
    public static string? Of(string? text, int lengthMax)
    {
        if (text is null || (text.Length <= lengthMax && !text.Contains('\0') && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))) return text;
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', ' ');
        if (whole.Length <= lengthMax) return whole;
        return whole[..(char.IsHighSurrogate(whole[lengthMax - 1]) ? lengthMax - 1 : lengthMax)];
    }
}
