namespace MoMo.Domain.Adapters;

/// <summary>Whether an adapter is alive, as the hub knows it. A down adapter's payments are taken all the same.</summary>
/// <param name="State"><c>new</c>, <c>up</c>, <c>degraded</c>, <c>silent</c> or <c>down</c>.</param>
/// <param name="Detail">Why, as it or the hub says; null when nobody said.</param>
/// <param name="Since">When it came into this state; null while new.</param>
/// <param name="SeenAt">Last sign of life.</param>
/// <param name="LeaseUntil">When it goes down unless it is heard of; null when nothing is awaited.</param>
public sealed record AdapterLiveness(
    string State, string? Detail, DateTimeOffset? Since, DateTimeOffset? SeenAt, DateTimeOffset? LeaseUntil)
{
    /// <summary>Never heard of.</summary>
    public static readonly AdapterLiveness New = new("new", null, null, null, null);
}
