using MoMo.Client.Wire;
using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>Reads the credentials of an adapter as they are sent, and seals them before they go anywhere.</summary>
internal static class AdapterCredentials
{
    /// <summary>Credentials of one request at most.</summary>
    private const int Max = 50;

    public static CredentialOrder? Read(string adapter, AdapterSpec spec, IReadOnlyList<CredentialKind> known, Checks checks, ManagementParts parts)
    {
        var overlap = CredentialOrder.OverlapDefault;
        if (spec.CredentialOverlapSeconds is { } seconds)
        {
            if (seconds < 0 || seconds > CredentialOrder.OverlapMax.TotalSeconds)
                checks.Fault("credential_overlap_seconds", "range", $"Give 0 to {CredentialOrder.OverlapMax.TotalSeconds} seconds.");
            else overlap = TimeSpan.FromSeconds(seconds);
        }

        if (spec.Credentials is not { Count: > 0 } given) return null;
        if (given.Count > Max)
        {
            checks.Fault("credentials", "credentials-too-many", $"Give at most {Max} credentials.");
            return null;
        }

        Dictionary<string, string?> sealedOnes = [];
        foreach (var (name, value) in given)
        {
            // What is said of a wrong one never holds its value.
            if (known.All(kind => kind.Name != name))
                checks.Fault($"credentials.{Shown(name)}", "credential-unknown", known.Count == 0
                    ? "This format has no credentials."
                    : $"This format's credentials are {string.Join(", ", known.Select(kind => $"{kind.Name} ({kind.Detail})"))}.");
            else if (value is { Length: 0 or > CredentialKind.ValueMax } || value?.AsSpan().ContainsAnyInRange('\0', '\u001F') == true)
                checks.Fault($"credentials.{name}", "credential-malformed", $"Give 1 to {CredentialKind.ValueMax} characters without control characters.");
            else
                sealedOnes[name] = value is null ? null : parts.Seal(SealedCredential.Purpose(adapter, name), value);
        }

        return new CredentialOrder(sealedOnes, overlap);
    }

    private static string Shown(string name) => name.Length > 50 ? name[..50] : name;
}
