namespace MoMo.Client.Wire;

/// <summary>Questions that were given up and are asked again, many at a time.</summary>
public sealed record AskAgainView
{
    /// <summary>Questions that fit.</summary>
    public required long Total { get; init; }

    /// <summary>Those of them that are asked again now: 10,000 at most, and none of a dry run. Ask for the rest by sending the same again.</summary>
    public required long Asked { get; init; }

    /// <summary>When the first of them was given up.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>When the last of them was given up.</summary>
    public DateTimeOffset? Last { get; init; }
}
