using System.ComponentModel.DataAnnotations;

namespace MoMo.Domain.Deliveries;

/// <summary>How lanes are worked on. Configuration section <c>MoMo:Deliveries</c>.</summary>
public sealed class DelivererOptions
{
    /// <summary>Lanes that one silo works on at once. From 1 to 50,000; 5,000 by default.</summary>
    [Range(1, 50_000)]
    public int LanesMax { get; set; } = 5_000;

    /// <summary>Attempts in flight in one lane whose destination says nothing else. From 1 to 64; 8 by default.</summary>
    [Range(1, 64)]
    public int LaneConcurrency { get; set; } = 8;

    /// <summary>Deliveries read at once for a lane, of a backlog up to four times as many. From 1 to 1,000; 64 by default.</summary>
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

    /// <summary>Attempts within half a minute before a lane's breaker may open. From 2 to 1,000; 10 by default.</summary>
    [Range(2, 1_000)]
    public int BreakerAttemptsMin { get; set; } = 10;

    /// <summary>The share of failures, in percent, at which it opens. From 10 to 100; 70 by default.</summary>
    [Range(10, 100)]
    public int BreakerPercent { get; set; } = 70;

    /// <summary>The first rest of a lane whose breaker opened; each further one is twice as long. From 1 second to 1 hour; 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RestMin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest rest between two probes of a lane whose breaker is open. From 1 second to 6 hours; 15 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan RestMax { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A destination that fails for so long without a success, with something pending all the time, is paused. From 1 hour to 30 days; 120 hours by default.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan FailingMax { get; set; } = TimeSpan.FromHours(120);

    /// <summary>
    /// Attempts each second at most of a lane that catches up after a breakdown or a pause, at first; twice as many after each half minute that goes well.
    /// From 1 to 10,000; 100 by default.
    /// </summary>
    [Range(1, 10_000)]
    public int CatchUpPerSecond { get; set; } = 100;
}
