using System.Globalization;
using MoMo.Edge.Channels.Folder;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Channels.Poll;

/// <summary>The stretches of time that an API is asked about, and how it wants times to be written.</summary>
/// <param name="Form"><c>time_form</c>: <c>iso</c> (default), <c>local</c> (<c>2026-03-01 14:05:09</c>), <c>date</c>, <c>unix</c> or <c>unix-ms</c>.</param>
/// <param name="Zone"><c>time_zone</c>: whose clock <c>local</c> and <c>date</c> are; UTC by default.</param>
/// <param name="Window"><c>window_hours</c>: the longest stretch of one question; 1 to 744, 24 by default.</param>
/// <param name="Overlap"><c>overlap_minutes</c>: how far each stretch reaches back into the one before, for what appeared late; 0 to 44,640, 60 by default.</param>
/// <param name="Delay"><c>delay_seconds</c>: how far behind the present stretches end; 0 to 86,400, 0 by default.</param>
/// <param name="Start"><c>start</c>: where the first look begins; a window ago by default.</param>
internal sealed record PollTimes(string Form, TimeZoneInfo Zone, TimeSpan Window, TimeSpan Overlap, TimeSpan Delay, DateTimeOffset? Start)
{
    public static PollTimes Read(SettingsReader settings) => new(
        FolderSettings.Word(settings, "time_form", "iso", "local", "date", "unix", "unix-ms"),
        settings.Zone("time_zone"),
        TimeSpan.FromHours(settings.Number("window_hours", 1, 744, 24)),
        TimeSpan.FromMinutes(settings.Number("overlap_minutes", 0, 44_640, 60)),
        TimeSpan.FromSeconds(settings.Number("delay_seconds", 0, 86_400, 0)),
        Time(settings, "start"));

    /// <summary>
    /// The ends of a stretch as the API wants them, cut to seconds where it has no more. Where clocks were put back in between, the hours that were shown
    /// twice belong to it as a whole: else its end could stand before its beginning.
    /// </summary>
    public (string From, string To) Show(DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last) = (Zone.GetUtcOffset(from), Zone.GetUtcOffset(to));
        return (Show(from, first < last ? first : last), Show(to, first > last ? first : last));
    }

    private string Show(DateTimeOffset time, TimeSpan offset) => Form switch
    {
        "local" => Local(time, offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        "date" => Local(time, offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "unix" => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        "unix-ms" => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        _ => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    private static DateTime Local(DateTimeOffset time, TimeSpan offset) =>
        new(Math.Clamp(time.UtcTicks + offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks));

    private static DateTimeOffset? Time(SettingsReader settings, string name)
    {
        if (settings.Text(name) is not { } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        settings.Fault(name, "setting-malformed", "Give a time, RFC 3339.");
        return null;
    }
}
