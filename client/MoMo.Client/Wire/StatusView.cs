namespace MoMo.Client.Wire;

/// <summary>How the hub is: <c>GET /status</c>.</summary>
public sealed record StatusView
{
    /// <summary><c>ok</c> or <c>degraded</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>This silo's id.</summary>
    public required string Silo { get; init; }

    /// <summary>Since when it runs.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Does the database answer?</summary>
    public required bool Database { get; init; }

    /// <summary>Commands that wait for a commit.</summary>
    public required int Waiting { get; init; }

    /// <summary>Adapters by state.</summary>
    public IReadOnlyDictionary<string, long> Adapters { get; init => field = value ?? field; } = new Dictionary<string, long>();

    /// <summary>Deliveries by state (delivered ones are not counted); 10,000 stands for that many or more.</summary>
    public IReadOnlyDictionary<string, long> Deliveries { get; init => field = value ?? field; } = new Dictionary<string, long>();

    /// <summary>Payments in suspense, counted up to 10,000.</summary>
    public long Suspense { get; init; }

    /// <summary>Destinations that the hub paused by itself, by reason: <c>failing</c> or <c>gone</c>; 10,000 of each at most. Each waits for a person.</summary>
    public IReadOnlyDictionary<string, long> PausedDestinations { get; init => field = value ?? field; } = new Dictionary<string, long>();

    /// <summary>Breakers of destinations that have opened and not closed since: sending rests there but for probes. 10,000 stands for that many or more.</summary>
    public long OpenBreakers { get; init; }
}
