namespace MoMo.Client.Wire;

/// <summary>A PSP: who moves the money.</summary>
public sealed record PspView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Archived PSPs bring nothing new.</summary>
    public bool Archived { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Rises with each change; also the ETag.</summary>
    public required long Version { get; init; }
}
