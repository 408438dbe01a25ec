using System.Globalization;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats.Ofx;

/// <summary>Reads times such as <c>20260314</c>, <c>20260314093047.123[-5:EST]</c>.</summary>
internal static class OfxTime
{
    private static readonly string[] Formats = ["yyyyMMddHHmmss.FFFFFFF", "yyyyMMddHHmmss", "yyyyMMddHHmm"];

    /// <summary>Null when it is none or impossible.</summary>
    public static PaidAt? Read(string text, TimeZoneInfo zone)
    {
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        var clock = (bracket < 0 ? text : text[..bracket]).AsSpan().Trim();
        if (clock.Length == 8)
        {
            return DateOnly.TryParseExact(clock, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? new PaidAt(new DateTimeOffset(day, default, TimeSpan.Zero), DayOnly: true) : null;
        }

        if (!DateTime.TryParseExact(clock, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return null;
        if (bracket < 0) return new PaidAt(ForeignTime.At(local, zone));
        if (Offset(text.AsSpan(bracket + 1)) is not { } offset) return null;
        var ticks = local.Ticks - offset.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new PaidAt(new DateTimeOffset(ticks, TimeSpan.Zero));
    }

    /// <summary>Hours to Greenwich with decimals, then perhaps a colon and a name: the hours count, whatever the name is.</summary>
    private static TimeSpan? Offset(ReadOnlySpan<char> zone)
    {
        var end = zone.IndexOfAny(':', ']');
        if (end < 0) return null;
        const NumberStyles Hours = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(zone[..end].Trim(), Hours, CultureInfo.InvariantCulture, out var hours) && Math.Abs(hours) <= 14
            ? TimeSpan.FromMinutes((long)(hours * 60)) : null;
    }
}
