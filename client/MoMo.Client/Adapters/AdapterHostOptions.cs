namespace MoMo.Client.Adapters;

/// <summary>What an <see cref="AdapterHost"/> is told: who it is, and how much it may have under way.</summary>
public sealed record AdapterHostOptions
{
    /// <summary>The adapter's id at the hub.</summary>
    public required string Adapter { get; init; }

    /// <summary>The adapter's own key (scope <c>adapter:&lt;id&gt;</c>). Null when the <see cref="HttpClient"/> brings its own header.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// How long the hub takes it for alive without hearing of it; it is heard of three times as often. From 5 seconds to 1 hour; 60 seconds by
    /// default.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Payments that may be under way: given and not acknowledged. From 1 to 8,192; 1,024 by default.</summary>
    public int WindowMax { get; init; } = 1_024;

    /// <summary>
    /// How long the hub may be silent while payments wait for it, before the stream is cut and they are sent on another. From 1 second to
    /// 10 minutes; 30 seconds by default.
    /// </summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for what is under way. From 0 seconds to 1 hour; 30 seconds by default.</summary>
    public TimeSpan DrainMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told of each failure that is overcome by trying again: for a log. It must not throw.</summary>
    public Action<Exception>? Trouble { get; init; }

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Adapter);
        Within(Lease, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), nameof(Lease));
        Within(SilenceMax, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), nameof(SilenceMax));
        Within(DrainMax, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(DrainMax));
        Within(WindowMax, 1, 8_192, nameof(WindowMax));
    }

    private static void Within<T>(T value, T min, T max, string name) where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0) throw new ArgumentOutOfRangeException(name, value, $"From {min} to {max}.");
    }
}
