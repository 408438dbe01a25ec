namespace MoMo.Client.Wire;

/// <summary>One check of <c>POST /v1/verify</c>.</summary>
public sealed record CheckView
{
    /// <summary>What must be true, in a sentence.</summary>
    public required string Law { get; init; }

    /// <summary>How many rows break it.</summary>
    public required long Broken { get; init; }

    /// <summary>The first of them.</summary>
    public string? First { get; init; }
}
