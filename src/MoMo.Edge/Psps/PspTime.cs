using MoMo.Domain.Payments;

namespace MoMo.Edge.Psps;

/// <summary>Times of PSPs.</summary>
internal static class PspTime
{
    /// <summary>East Africa Time: +03:00, never another.</summary>
    public static TimeZoneInfo EastAfrica { get; } = TimeZoneInfo.CreateCustomTimeZone("EAT", TimeSpan.FromHours(3), "EAT", "EAT");

    /// <summary>As fine as the database keeps it, so that a repeat says the same as the first.</summary>
    public static PaidAt Micro(PaidAt time) => time with
    {
        Instant = new DateTimeOffset(time.Instant.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero),
    };
}
