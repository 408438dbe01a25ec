using System.Text.Json;
using MoMo.Engine;

namespace MoMo.Domain.Callbacks;

/// <summary>What became of a message, for the answer to its PSP.</summary>
/// <param name="Verdict">In a word.</param>
/// <param name="Refusal">Why not, when it was refused, forbidden or differs.</param>
/// <param name="Settings">The adapter's settings.</param>
public sealed record CallbackOutcome(CallbackVerdict Verdict, Refusal? Refusal = null, JsonElement Settings = default)
{
    /// <summary>When it may be sent again, while the hub is busy; a second by default.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
