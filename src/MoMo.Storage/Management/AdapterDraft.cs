using MoMo.Domain;

namespace MoMo.Storage.Management;

/// <summary>An adapter to create or change; checked already.</summary>
/// <param name="Id">1 to 64 of a-z, 0-9, '.', '_' and '-'.</param>
/// <param name="Psp">The PSP it connects to.</param>
/// <param name="Name">Unique.</param>
/// <param name="Format">Such as <c>json</c>.</param>
/// <param name="Settings">The format's settings: a JSON object as text, or null.</param>
/// <param name="Rules">Routing rules: a JSON array as text, or null for the standard ones.</param>
/// <param name="Archived">Takes nothing.</param>
public sealed record AdapterDraft(string Id, string Psp, string Name, string Format, string? Settings, string? Rules, bool Archived)
{
    /// <summary>Whether its money is real; null leaves it as it is, which is live for a new one.</summary>
    public Mode? Mode { get; init; }

    /// <summary>Its PSP calls it at a secret path.</summary>
    public bool Called { get; init; }

    /// <summary>Which credentials to set; null for none.</summary>
    public CredentialOrder? Credentials { get; init; }
}
