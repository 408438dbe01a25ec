using MoMo.Domain.Deliveries;

namespace MoMo.Domain.Accounts;

/// <summary>The SaaS instance, merchant or company that payments are for, as its actor remembers it.</summary>
/// <param name="Id">In lower case.</param>
/// <param name="Name">For people.</param>
/// <param name="LookupUrl">Asked whether a reference is this account's.</param>
/// <param name="Archived">Gets nothing new.</param>
/// <param name="Version">Rises with each change of the account or its destinations: an actor that remembers another version reloads.</param>
/// <param name="Destinations">How it is told.</param>
public sealed record Account(
    string Id, string Name, Uri? LookupUrl, bool Archived, long Version, IReadOnlyList<Destination> Destinations)
{
    /// <summary>Whether its money is real.</summary>
    public Mode Mode { get; init; }

    /// <summary>How account and reference ids are compared: without case, without blanks around them.</summary>
    public static string Canonical(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Trim().ToLowerInvariant();
    }
}
