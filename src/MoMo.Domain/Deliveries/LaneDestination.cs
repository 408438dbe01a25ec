using System.Text.Json;

namespace MoMo.Domain.Deliveries;

/// <summary>Where a lane leads, as configured now.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="AccountId">Whose.</param>
/// <param name="Kind">Such as <c>webhook</c>.</param>
/// <param name="Url">Where to.</param>
/// <param name="Secrets">HMAC keys that are live, newest first.</param>
/// <param name="Paused">Keeps what is due, sends nothing.</param>
public sealed record LaneDestination(long Lane, string AccountId, string Kind, Uri Url, IReadOnlyList<byte[]> Secrets, bool Paused)
{
    /// <summary>Its id, of those of the account; for people.</summary>
    public string? Id { get; init; }

    /// <summary>Which version of it this is.</summary>
    public long Version { get; init; }

    /// <summary>What a delivery that does not arrive holds back.</summary>
    public DeliveryOrder Order { get; init; }

    /// <summary>The waits between attempts; null for the standard's.</summary>
    public IReadOnlyList<TimeSpan>? RetryWaits { get; init; }

    /// <summary>Attempts in flight at most, from 1 to 64; null for the hub's own limit.</summary>
    public int? ConcurrencyMax { get; init; }

    /// <summary>Attempts each second at most, from 0.1 to 10,000; null for no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Whether its breaker may open.</summary>
    public bool Breaker { get; init; } = true;

    /// <summary>Seeds of ed25519 keys that are live, newest first; 32 bytes each.</summary>
    public IReadOnlyList<byte[]> Seeds { get; init; } = [];

    /// <summary>Settings of its kind: a JSON object; undefined for none.</summary>
    public JsonElement Settings { get; init; }

    /// <summary>Secrets of its kind by name, such as <c>password</c>.</summary>
    public IReadOnlyDictionary<string, string> Credentials { get; init; } = new Dictionary<string, string>();

    /// <summary>How it fares.</summary>
    public LaneHealth Health { get; init; } = LaneHealth.Well;
}
