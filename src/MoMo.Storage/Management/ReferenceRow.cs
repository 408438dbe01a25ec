namespace MoMo.Storage.Management;

/// <summary>A reference as it is stored.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Key">Canonical id.</param>
/// <param name="Id">As registered.</param>
/// <param name="Name">The customer's name.</param>
/// <param name="Archived">Finds nothing new.</param>
/// <param name="Version">Rises with each change.</param>
/// <param name="CreatedAt">When it was registered.</param>
public sealed record ReferenceRow(
    string Account, string Key, string Id, string? Name, bool Archived, long Version, DateTimeOffset CreatedAt);
