namespace MoMo.Client.Wire;

/// <summary>An account: whose payments are for.</summary>
public sealed record AccountView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Asked whether a reference is this account's.</summary>
    public string? LookupUrl { get; init; }

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Archived accounts get nothing new.</summary>
    public bool Archived { get; init; }

    /// <summary>Number of its newest payment; 0 for none.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Rises with each change; also the ETag.</summary>
    public required long Version { get; init; }
}
