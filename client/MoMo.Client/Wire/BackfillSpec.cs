namespace MoMo.Client.Wire;

/// <summary>A stretch of time to fetch again from a polled API.</summary>
public sealed record BackfillSpec
{
    /// <summary>From here on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Up to here, exclusive; now by default.</summary>
    public DateTimeOffset? To { get; init; }
}
