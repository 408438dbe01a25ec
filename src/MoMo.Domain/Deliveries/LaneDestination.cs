namespace MoMo.Domain.Deliveries;

/// <summary>Where a lane leads, as configured now.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="AccountId">Whose.</param>
/// <param name="Kind">Such as <c>webhook</c>.</param>
/// <param name="Url">Where to.</param>
/// <param name="Secrets">Signing keys that are live, newest first.</param>
/// <param name="Paused">Keeps what is due, sends nothing.</param>
public sealed record LaneDestination(long Lane, string AccountId, string Kind, Uri Url, IReadOnlyList<byte[]> Secrets, bool Paused);
