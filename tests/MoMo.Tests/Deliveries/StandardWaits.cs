namespace MoMo.Tests.Deliveries;

/// <summary>The waits between attempts as the standard has them, written down once more so that a change of the hub's own is noticed.</summary>
internal static class StandardWaits
{
    /// <summary>Standard Webhooks 1.0.0, "Operational considerations".</summary>
    public static readonly TimeSpan[] All =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];
}
