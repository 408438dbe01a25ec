using System.Globalization;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats;

/// <summary>Times from outside.</summary>
internal static class ForeignTime
{
    // XML Schema allows any number of decimals of a second; what a bank sends has at most nine.
    private static readonly string[] LocalFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm"];

    /// <summary>A time without a zone is the clock on the wall there. Of an hour that comes twice, the second; one that never comes is read
    /// in standard time.</summary>
    public static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        var clock = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var ticks = clock.Ticks - zone.GetUtcOffset(clock).Ticks;
        return new DateTimeOffset(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>Reads a date or date and time of ISO 8601 as XML Schema writes it, such as <c>2026-03-14</c> or
    /// <c>2026-03-14T23:30:00-05:00</c>.</summary>
    /// <returns>Null when it is neither or impossible.</returns>
    public static PaidAt? ReadIso(ReadOnlySpan<char> text, TimeZoneInfo zone)
    {
        text = text.Trim();
        var mark = text.IndexOf('T');
        if (mark < 0)
        {
            // A date may carry a zone too; it stays the same day.
            if (text.Length < 10 || !Zone(text[10..], out _, out _)) return null;
            return DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? new PaidAt(new DateTimeOffset(day, default, TimeSpan.Zero), DayOnly: true) : null;
        }

        var end = text.Length;
        var sign = text[mark..].LastIndexOfAny('Z', '+', '-');
        if (sign >= 0) end = mark + sign;
        if (!Zone(text[end..], out var offset, out var known)) return null;
        var clock = text[..end];
        var point = clock.LastIndexOf('.');
        if (point >= 0 && clock.Length - point > 8) clock = clock[..(point + 8)];
        if (!DateTime.TryParseExact(clock, LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return null;
        if (!known) return new PaidAt(At(local, zone));
        var ticks = local.Ticks - offset.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new PaidAt(new DateTimeOffset(ticks, TimeSpan.Zero));
    }

    private static bool Zone(ReadOnlySpan<char> text, out TimeSpan offset, out bool known)
    {
        offset = default;
        known = !text.IsEmpty;
        if (!known || text is "Z") return true;
        if (!TimeSpan.TryParseExact(text[1..], "hh\\:mm", CultureInfo.InvariantCulture, out offset) || offset > TimeSpan.FromHours(14))
            return false;
        if (text[0] == '-') offset = -offset;
        return text[0] is '+' or '-';
    }
}
