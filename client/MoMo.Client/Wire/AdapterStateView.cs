namespace MoMo.Client.Wire;

/// <summary>A change of an adapter's state.</summary>
public sealed record AdapterStateView
{
    /// <summary>Its number; later ones have higher numbers.</summary>
    public required string Id { get; init; }

    /// <summary>The adapter.</summary>
    public required string Adapter { get; init; }

    /// <summary>The state before.</summary>
    public required string Previous { get; init; }

    /// <summary>The state since: <c>up</c>, <c>degraded</c>, <c>silent</c> or <c>down</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why, as the adapter or the hub says.</summary>
    public string? Detail { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
