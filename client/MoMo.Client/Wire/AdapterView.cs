using System.Text.Json;

namespace MoMo.Client.Wire;

/// <summary>An adapter, with its liveness.</summary>
public sealed record AdapterView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The PSP it connects to.</summary>
    public required string Psp { get; init; }

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Its format.</summary>
    public required string Format { get; init; }

    /// <summary>Settings of the format.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>Which credentials are set, and since when.</summary>
    public IReadOnlyList<CredentialView>? Credentials { get; init; }

    /// <summary>Routing rules in order; null for the standard ones.</summary>
    public IReadOnlyList<JsonElement>? Rules { get; init; }

    /// <summary>
    /// <c>new</c>, <c>up</c>, <c>degraded</c> (as it says, many refusals lately, or files that could not be used), <c>silent</c> (fewer payments than
    /// usual) or <c>down</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Why it is in this state, as it or the hub says.</summary>
    public string? StateDetail { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>Last sign of life.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>When it goes down unless it is heard of.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Where its PSP calls: with the secret path only in the answer that made it, else null.</summary>
    public string? CallbackPath { get; init; }

    /// <summary>How its files or messages are fetched; null when they come by themselves.</summary>
    public ChannelView? Channel { get; init; }

    /// <summary>Archived adapters take nothing.</summary>
    public bool Archived { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Rises with each change of its configuration; also the ETag.</summary>
    public required long Version { get; init; }
}
