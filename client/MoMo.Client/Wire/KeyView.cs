namespace MoMo.Client.Wire;

/// <summary>An API key; never its secret, except once.</summary>
public sealed record KeyView
{
    /// <summary>Its id; the visible part of the key.</summary>
    public required string Id { get; init; }

    /// <summary>Who or what uses it.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The whole key, shown once: in the answer that made it. Else null.</summary>
    public string? Key { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}
