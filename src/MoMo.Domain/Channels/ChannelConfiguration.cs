using System.Text.Json;

namespace MoMo.Domain.Channels;

/// <summary>What a channel is opened with.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Settings">Checked by the kind; a JSON object.</param>
/// <param name="Secrets">By name; never logged.</param>
/// <param name="Position">What the channel wanted to be told; null at the first time.</param>
public sealed record ChannelConfiguration(string Adapter, JsonElement Settings, IReadOnlyDictionary<string, string> Secrets, string? Position)
{
    /// <inheritdoc/>
    public override string ToString() => $"channel of {Adapter}"; // a record would show its secrets
}
