using MoMo.Domain.Deliveries;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Drops;

/// <summary>The setting <c>batch</c> of destinations: <c>{"max": 50, "seconds": 300}</c>.</summary>
internal static class BatchSettings
{
    private const int SecondsUsual = 60;

    /// <param name="settings">The settings that may have it.</param>
    /// <param name="most">The largest <c>max</c>.</param>
    /// <param name="usual">What holds when there is no <c>batch</c>.</param>
    public static BatchRule Read(SettingsReader settings, int most, BatchRule usual)
    {
        if (settings.Value("batch") is null) return usual;
        var batch = settings.Section("batch");
        var rule = new BatchRule(
            batch.Number("max", 1, most, most), TimeSpan.FromSeconds(batch.Number("seconds", 0, BatchRule.WaitSecondsMax, SecondsUsual)));
        batch.Close();
        return rule;
    }
}
