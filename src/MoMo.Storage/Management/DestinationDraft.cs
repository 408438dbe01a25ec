using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Storage.Management;

/// <summary>What a destination is to be.</summary>
/// <param name="Kind">Such as <c>webhook</c>.</param>
/// <param name="Url">Where to.</param>
/// <param name="Paused">Sends nothing.</param>
/// <param name="Settings">How it is delivered to.</param>
public sealed record DestinationDraft(string Kind, string Url, bool Paused, DestinationSettings Settings)
{
    /// <summary>Settings of its kind: a JSON object.</summary>
    public string KindSettings { get; init; } = "{}";

    /// <summary>Its credentials, a JSON object of texts, to be sealed; null keeps those that are there.</summary>
    public string? Credentials { get; init; }

    /// <summary>It can't do without credentials, given now or before.</summary>
    public bool NeedsCredentials { get; init; }

    /// <summary>It needs credentials, and brings none.</summary>
    public bool IsWithoutCredentials => NeedsCredentials && Credentials is null;

    /// <summary>Why a destination that needs credentials and has none is refused.</summary>
    public static FieldFault CredentialsMissing { get; } =
        new("credentials", "credentials-missing", "The destination's server wants credentials, and there are none: give them.");

    /// <summary>A webhook without settings.</summary>
    public static DestinationDraft Webhook(string url, bool paused = false) => new("webhook", url, paused, DestinationSettings.Ordinary);
}
