using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>What managing needs from parts that it must not know.</summary>
internal sealed class ManagementParts
{
    /// <summary>Reads a URL that the hub is to call (destinations, lookups), or refuses it.</summary>
    public required Func<string, Outcome<Uri>> CheckUrl { get; init; }

    /// <summary>Refuses a format that there is not, or settings that the format can't use; null when all is well. Settings may be undefined.</summary>
    public required Func<string, JsonElement, Refusal?> CheckSettings { get; init; }

    /// <summary>Whether PSPs call back with a format: its adapters get a secret path.</summary>
    public required Func<string, bool> IsCalled { get; init; }

    /// <summary>The credentials that a format knows; none for a format that has none.</summary>
    public required Func<string, IReadOnlyList<CredentialKind>> CredentialsOf { get; init; }

    /// <summary>Which credentials a format sends where to ask its PSP, with these settings. Settings may be undefined.</summary>
    public required Func<string, JsonElement, IReadOnlyList<SentCredential>> SentBy { get; init; }

    /// <summary>Seals a secret for a purpose.</summary>
    public required Func<string, string, string> Seal { get; init; }

    /// <summary>Makes a signing secret: with true an ed25519 pair, else an HMAC's.</summary>
    public Func<bool, NewSecret> MakeSecret { get; init; } = _ => NewSecret.Hmac();

    /// <summary>A kind of destinations that has settings; null for webhook, and when there is none of this name.</summary>
    public Func<string, IBatchKind?> FindKind { get; init; } = _ => null;

    /// <summary>Whether ed25519 pairs can be made.</summary>
    public bool Ed25519 { get; init; }
}
