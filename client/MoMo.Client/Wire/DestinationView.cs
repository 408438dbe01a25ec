namespace MoMo.Client.Wire;

/// <summary>How an account is told of its payments.</summary>
public sealed record DestinationView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Whose.</summary>
    public required string AccountId { get; init; }

    /// <summary><c>webhook</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where to.</summary>
    public required string Url { get; init; }

    /// <summary>Paused destinations keep what is due and send nothing.</summary>
    public bool Paused { get; init; }

    /// <summary>Why it is paused, when the hub did it (410 Gone).</summary>
    public string? PausedReason { get; init; }

    /// <summary>The signing secret (<c>whsec_…</c>), shown once: in the answer that made it. Else null.</summary>
    public string? Secret { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Rises with each change; also the ETag.</summary>
    public required long Version { get; init; }
}
