namespace MoMo.Edge.Psps;

/// <summary>Times of PSPs.</summary>
internal static class PspTime
{
    /// <summary>East Africa Time: +03:00, never another.</summary>
    public static TimeZoneInfo EastAfrica { get; } = TimeZoneInfo.CreateCustomTimeZone("EAT", TimeSpan.FromHours(3), "EAT", "EAT");
}
