namespace MoMo.Domain.Deliveries;

/// <summary>How an account is told of its payments.</summary>
/// <param name="Lane">The number of its lane: deliveries of one lane wait for each other, never for another lane.</param>
/// <param name="Id">Unique in its account.</param>
/// <param name="Kind">Such as <c>webhook</c>.</param>
/// <param name="Paused">Keeps what is due, sends nothing.</param>
public sealed record Destination(long Lane, string Id, string Kind, bool Paused)
{
    /// <summary>What it is told of.</summary>
    public DestinationFilter Filter { get; init; } = DestinationFilter.All;
}
