using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MoMo.Domain;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats;

/// <summary>Text from outside, made fit to keep.</summary>
internal static class ForeignText
{
    /// <summary>What a payer typed, at most, in characters.</summary>
    public const int TextMax = PaymentNotice.TextMax;

    /// <summary>A fault's or notice's detail, at most, in characters.</summary>
    public const int DetailMax = 500;

    /// <summary>A payer's name, at most, in characters.</summary>
    public const int PayerNameMax = 140;

    /// <summary>A payer's phone or account, at most, in characters.</summary>
    public const int PayerNumberMax = 80;

    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Trimmed; <see cref="UnfitCharacters"/> (which PostgreSQL or a log would choke on, or people be deceived by) become blanks, halves of surrogate
    /// pairs (which can't be written) the replacement character; cut at a limit, never inside a character. Null when nothing is left.
    /// </summary>
    public static string? Clean(string? text, int lengthMax)
    {
        if (text is null) return null;
        // Before the cut: what becomes a blank and is trimmed takes no room from the rest.
        var whole = IsOdd(text) ? Cleaned(text) : text;
        var kept = whole.AsSpan().Trim();
        if (kept.Length > lengthMax)
        {
            kept = kept[..lengthMax];
            if (char.IsHighSurrogate(kept[^1])) kept = kept[..^1];
            kept = kept.TrimEnd();
        }

        if (kept.IsEmpty) return null;
        return kept.Length == whole.Length ? whole : kept.ToString();
    }

    /// <summary>The same without a cut, for what must not be shortened in silence: the caller refuses what is too long.</summary>
    public static string? Whole(string? text) => Clean(text, int.MaxValue);

    private static bool IsOdd(ReadOnlySpan<char> text) => UnfitCharacters.AreIn(text) || text.ContainsAnyInRange('\uD800', '\uDFFF');

    private static string Cleaned(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var index = 0; index < source.Length; index++)
            target[index] = UnfitCharacters.Has(source[index]) ? ' ' : IsHalf(source, index) ? '\uFFFD' : source[index];
    });

    /// <summary>
    /// What is told of a payment besides, as text; null when there is nothing. An end-to-end id with an apostrophe or a plus stands there as it is: written
    /// with escapes it would never be found again.
    /// </summary>
    public static string? Metadata(JsonObject metadata) => metadata.Count == 0 ? null : metadata.ToJsonString(AsItIs);

    private static bool IsHalf(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) ? index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1])
            : char.IsLowSurrogate(text[index]) && (index == 0 || !char.IsHighSurrogate(text[index - 1]));
}
