namespace MoMo.Domain.Channels;

/// <summary>An item as it is remembered.</summary>
/// <param name="State"><c>seen</c>: not taken yet; <c>taken</c>: its payments are, but it was not put away; <c>done</c>; <c>failed</c>: given up, but not put away; <c>aside</c>.</param>
/// <param name="Detail">Why it could not be used.</param>
/// <param name="Tries">How often it was tried in vain.</param>
/// <param name="DueAt">Not to be tried before.</param>
/// <param name="SeenAt">When it was seen first.</param>
public sealed record KnownItem(string State, string? Detail, int Tries, DateTimeOffset DueAt, DateTimeOffset SeenAt);
