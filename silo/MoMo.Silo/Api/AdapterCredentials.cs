using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain;
using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;
using MoMo.Engine;
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

    /// <summary>Which stored credentials must be given again, because the new settings send them elsewhere; null for none.</summary>
    /// <param name="stored">The adapter as it is.</param>
    /// <param name="draft">What it is to be. What it sets or takes away is no longer what was stored.</param>
    /// <param name="parts">Know what formats send where.</param>
    public static Refusal? Moved(AdapterRow stored, AdapterDraft draft, ManagementParts parts)
    {
        var kept = stored.Credentials.Select(one => one.Name).Where(name => draft.Credentials?.Sealed.ContainsKey(name) != true).ToHashSet();
        var moved = SentCredential.NewIn(Sends(stored.Draft, parts), Sends(draft, parts)).Where(one => kept.Contains(one.Name)).ToLookup(one => one.Name);
        return moved.Count == 0 ? null : Checks.Of(
            [.. moved.Select(one => new FieldFault($"credentials.{one.Key}", SentCredential.Moved, SentCredential.Explain([.. one])))]);
    }

    private static IReadOnlyList<SentCredential> Sends(AdapterDraft draft, ManagementParts parts) =>
        draft.Settings is null ? [] : parts.SentBy(draft.Format, JsonElement.Parse(draft.Settings));

    private static string Shown(string name) => name.Length > 50 ? name[..50] : name;
}
