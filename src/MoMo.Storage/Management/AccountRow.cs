using MoMo.Domain;

namespace MoMo.Storage.Management;

/// <summary>An account as it is stored.</summary>
/// <param name="Id">Canonical.</param>
/// <param name="Name">For people; unique.</param>
/// <param name="LookupUrl">Asked whether a reference is its.</param>
/// <param name="Archived">Gets nothing new.</param>
/// <param name="Sequence">Number of its newest payment; 0 for none.</param>
/// <param name="Version">Rises with each change of the account itself.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record AccountRow(
    string Id, string Name, string? LookupUrl, bool Archived, long Sequence, long Version, DateTimeOffset CreatedAt)
{
    /// <summary>Whether its money is real.</summary>
    public Mode Mode { get; init; }
}
