using MoMo.Domain.Channels;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Channels;

/// <summary>Reads what all kinds of channels have in common.</summary>
internal static class RulesReader
{
    public static ChannelRules Read(SettingsReader settings) => new(
        TimeSpan.FromSeconds(settings.Number("interval_seconds", 5, 86_400, 60)),
        TimeSpan.FromSeconds(settings.Number("quiet_seconds", 0, 3_600, 10)),
        settings.Number("tries", 1, 100, 5),
        settings.Number("size_max_mb", 1, 2_047, 100) * 1024L * 1024,
        settings.Flag("unpack", false));
}
