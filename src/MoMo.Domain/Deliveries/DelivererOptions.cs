using System.ComponentModel.DataAnnotations;

namespace MoMo.Domain.Deliveries;

/// <summary>How lanes are worked on. Configuration section <c>MoMo:Deliveries</c>.</summary>
public sealed class DelivererOptions
{
    /// <summary>Lanes that one silo works on at once. From 1 to 50,000; 5,000 by default.</summary>
    [Range(1, 50_000)]
    public int LanesMax { get; set; } = 5_000;

    /// <summary>Attempts in flight in one lane. From 1 to 64; 8 by default.</summary>
    [Range(1, 64)]
    public int LaneConcurrency { get; set; } = 8;

    /// <summary>Deliveries read at once for a lane. From 1 to 1,000; 64 by default.</summary>
    [Range(1, 1_000)]
    public int PageMax { get; set; } = 64;

    /// <summary>How long a lane stays a dead silo's. From 1 second to 10 minutes; 20 seconds by default. Renewed at a third of it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the agenda is looked at when nobody called. From 0.1 to 60 seconds; 1 second by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long attempts in flight may still take when the silo stops. From 0 to 60 seconds; 10 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);
}
