namespace MoMo.Domain.Deliveries;

/// <summary>An adapter came into another state: what destinations that ask for <c>adapter.state</c> are told.</summary>
/// <param name="Id">Its own id.</param>
/// <param name="AdapterId">The adapter.</param>
/// <param name="Psp">Its PSP.</param>
/// <param name="State"><c>up</c>, <c>degraded</c>, <c>silent</c> or <c>down</c>.</param>
/// <param name="Detail">Why, for people, at most 500 characters.</param>
/// <param name="At">Since when.</param>
public sealed record AdapterNews(Guid Id, string AdapterId, string Psp, string State, string? Detail, DateTimeOffset At);
