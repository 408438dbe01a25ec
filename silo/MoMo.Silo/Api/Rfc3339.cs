using System.Globalization;
using System.Text.RegularExpressions;

namespace MoMo.Silo.Api;

/// <summary>Times as RFC 3339 writes them: date, time to the second, and an offset, without which it would be another instant in every country.</summary>
internal static partial class Rfc3339
{
    /// <summary>One, to show what is wanted.</summary>
    public const string Sample = "2026-03-01T00:00:00Z";

    /// <summary>The instant, in UTC.</summary>
    /// <returns>Null when the text is not in that form, or there is no such time.</returns>
    public static DateTimeOffset? Read(string text) =>
        Form().IsMatch(text) && DateTimeOffset.TryParse(text.ToUpperInvariant(), CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToUniversalTime() : null;

    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Form();
}
