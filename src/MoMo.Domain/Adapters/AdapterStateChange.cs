namespace MoMo.Domain.Adapters;

/// <summary>An adapter came into another state: <c>adapter.state</c>. Recorded once, in the commit that made it so.</summary>
/// <param name="Id">Rises.</param>
/// <param name="AdapterId">The adapter.</param>
/// <param name="Previous">The state before.</param>
/// <param name="State">The state since.</param>
/// <param name="Detail">Why, as it or the hub says.</param>
/// <param name="At">When.</param>
public sealed record AdapterStateChange(long Id, string AdapterId, string Previous, string State, string? Detail, DateTimeOffset At);
