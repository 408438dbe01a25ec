using System.CommandLine.Parsing;
using System.Globalization;

namespace MoMo.Cli;

/// <summary>A time given on the command line.</summary>
internal static class TimeText
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads a date or an RFC 3339 time, in UTC unless it has an offset.</summary>
    public static DateTimeOffset? Read(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        if (DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;

        given.AddError($"'{text}' is not a time: give 2026-01-31 or 2026-01-31T18:30:00Z.");
        return null;
    }
}
