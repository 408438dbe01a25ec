using System.Text.Json;
using MoMo.Domain.Routing;

namespace MoMo.Domain.Adapters;

/// <summary>One connection to one PSP, as configured.</summary>
/// <param name="Id">1 to 64 of a-z, 0-9, '.', '_' and '-'.</param>
/// <param name="Psp">The PSP.</param>
/// <param name="Format">Such as <c>mpesa-c2b</c>.</param>
/// <param name="Settings">The format's settings: a JSON object, or an undefined element.</param>
/// <param name="Rules">How its payments find their account.</param>
/// <param name="Archived">Takes nothing.</param>
/// <param name="CallbackSecretSha256">SHA-256 of the secret part of its callback path; null when it has none.</param>
public sealed record Adapter(
    string Id, string Psp, string Format, JsonElement Settings, RuleSet Rules, bool Archived, ReadOnlyMemory<byte>? CallbackSecretSha256)
{
    /// <summary>Whether its money is real.</summary>
    public Mode Mode { get; init; }

    /// <summary>What it shares with its PSP, encrypted; old ones that still count too.</summary>
    public IReadOnlyList<SealedCredential> Credentials { get; init; } = [];
}
