namespace MoMo.Storage.Management;

/// <summary>A destination as it is stored.</summary>
/// <param name="Lane">The number of its lane.</param>
/// <param name="Account">Whose.</param>
/// <param name="Id">Unique in its account.</param>
/// <param name="Kind">Such as <c>webhook</c>.</param>
/// <param name="Url">Where to.</param>
/// <param name="Paused">Sends nothing.</param>
/// <param name="PausedReason">Why, when the hub paused it.</param>
/// <param name="Version">Rises with each change.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record DestinationRow(
    long Lane, string Account, string Id, string Kind, string Url, bool Paused, string? PausedReason, long Version, DateTimeOffset CreatedAt)
{
    /// <summary>The signing secret in plain text: only in the answer that made it.</summary>
    public string? Secret { get; init; }
}
