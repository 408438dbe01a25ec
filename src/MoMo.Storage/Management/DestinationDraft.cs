using MoMo.Domain.Deliveries;

namespace MoMo.Storage.Management;

/// <summary>What a destination is to be.</summary>
/// <param name="Kind">Such as <c>webhook</c>.</param>
/// <param name="Url">Where to.</param>
/// <param name="Paused">Sends nothing.</param>
/// <param name="Settings">How it is delivered to.</param>
public sealed record DestinationDraft(string Kind, string Url, bool Paused, DestinationSettings Settings)
{
    /// <summary>A webhook without settings.</summary>
    public static DestinationDraft Webhook(string url, bool paused = false) => new("webhook", url, paused, DestinationSettings.Ordinary);
}
