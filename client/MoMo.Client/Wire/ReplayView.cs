namespace MoMo.Client.Wire;

/// <summary>Deliveries that are sent again, many at a time.</summary>
public sealed record ReplayView
{
    /// <summary>Its id; null of a dry run.</summary>
    public string? Id { get; init; }

    /// <summary>Deliveries that it is about.</summary>
    public required long Total { get; init; }

    /// <summary>Those that were made due again so far. What waits to be sent anyway is not counted.</summary>
    public required long Replayed { get; init; }

    /// <summary>
    /// Those of <see cref="Total"/> whose destination was paused when they were counted: they are made due, and sent once it no longer is. Only in the
    /// answer that counted them.
    /// </summary>
    public long? Paused { get; init; }

    /// <summary>When the first of them was created; only in the answer that counted them.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>When the last of them was created; only in the answer that counted them.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>When all were due again, or it was stopped; null until then.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}
