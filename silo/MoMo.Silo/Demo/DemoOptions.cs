using System.ComponentModel.DataAnnotations;

namespace MoMo.Silo.Demo;

/// <summary>How the demo runs. Configuration section <c>MoMo:DemoOptions</c>.</summary>
public sealed class DemoOptions
{
    /// <summary>Port of the account server on loopback; 0 for any that is free. 8081 by default, or any other when that is taken.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8081;

    /// <summary>Seed of what the PSPs do; 1 by default.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>From one payment to the next, on average. From 0.01 to 60 seconds; 1 second by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(1);
}
