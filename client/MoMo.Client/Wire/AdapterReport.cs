namespace MoMo.Client.Wire;

/// <summary>What an adapter says of itself: <c>POST /v1/adapters/{adapter}/register</c>, <c>/heartbeat</c>, <c>/state</c>.</summary>
public sealed record AdapterReport
{
    /// <summary><c>up</c>, <c>down</c> or <c>degraded</c>; a heartbeat may leave it out.</summary>
    public string? State { get; init; }

    /// <summary>Why; at most 500 characters.</summary>
    public string? Detail { get; init; }

    /// <summary>Seconds until it counts as down unless heard of again. From 5 to 3,600; 60 by default.</summary>
    public int? LeaseSeconds { get; init; }
}
