namespace MoMo.Domain.Channels;

/// <summary>How a channel does.</summary>
/// <param name="State"><c>new</c>, <c>working</c> or <c>failing</c>.</param>
/// <param name="Detail">Why it fails.</param>
/// <param name="Failures">Looks in a row that failed.</param>
/// <param name="LookedAt">The last look.</param>
/// <param name="WorkedAt">The last look that went well.</param>
public sealed record ChannelHealth(string State, string? Detail, int Failures, DateTimeOffset? LookedAt, DateTimeOffset? WorkedAt);
