using System.Globalization;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats.Rows;

/// <summary>Reads a source's times in its own formats.</summary>
internal sealed class RowTime(IReadOnlyList<string> formats, TimeZoneInfo zone)
{
    private readonly (string Text, bool DayOnly, bool Zoned)[] formats =
        [.. formats.Select(format => (format, !format.AsSpan().ContainsAny('H', 'h'), format.AsSpan().ContainsAny('z', 'K')))];
    private (string Name, TimeZoneInfo Zone)? lastZone;

    /// <summary>Whether times can be read by a format.</summary>
    public static bool IsFormat(string format)
    {
        try
        {
            var written = DateTimeOffset.UnixEpoch.ToString(format, CultureInfo.InvariantCulture);
            _ = DateTime.TryParseExact(written, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
            return DateTimeOffset.TryParseExact(written, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Null when no format fits, or the time zone that the row names is unknown.</summary>
    public PaidAt? Read(ReadOnlySpan<char> text, string? zoneName)
    {
        text = text.Trim();
        foreach (var (format, dayOnly, zoned) in formats)
        {
            if (zoned)
            {
                if (DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                    out var instant))
                    return dayOnly ? new PaidAt(new DateTimeOffset(instant.Date, TimeSpan.Zero), DayOnly: true) : new PaidAt(instant);
            }
            else if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            {
                if (dayOnly) return new PaidAt(new DateTimeOffset(local.Date, TimeSpan.Zero), DayOnly: true);
                return Find(zoneName) is { } found ? new PaidAt(ForeignTime.At(local, found)) : null;
            }
        }

        return null;
    }

    private TimeZoneInfo? Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return zone;
        if (lastZone is { } last && last.Name == name) return last.Zone;
        if (name.Length > 64 || !TimeZoneInfo.TryFindSystemTimeZoneById(name.Trim(), out var found)) return null;
        lastZone = (name, found);
        return found;
    }
}
