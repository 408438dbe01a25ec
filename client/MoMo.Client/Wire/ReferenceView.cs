namespace MoMo.Client.Wire;

/// <summary>A customer of an account, as payers write it.</summary>
public sealed record ReferenceView
{
    /// <summary>As registered.</summary>
    public required string Id { get; init; }

    /// <summary>Whose customer.</summary>
    public required string AccountId { get; init; }

    /// <summary>The customer's name.</summary>
    public string? Name { get; init; }

    /// <summary>Archived references find nothing new.</summary>
    public bool Archived { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Rises with each change; also the ETag.</summary>
    public required long Version { get; init; }
}
