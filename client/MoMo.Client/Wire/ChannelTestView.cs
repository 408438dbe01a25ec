namespace MoMo.Client.Wire;

/// <summary>What a try of a channel found. Nothing was taken.</summary>
public sealed record ChannelTestView
{
    /// <summary>Whether it could be connected to and listed.</summary>
    public required bool Works { get; init; }

    /// <summary>What is wrong, or what was found.</summary>
    public required string Detail { get; init; }

    /// <summary>How many items are there that would be taken.</summary>
    public int Count { get; init; }

    /// <summary>The names of the oldest 20.</summary>
    public required IReadOnlyList<string> Names { get; init; }
}
