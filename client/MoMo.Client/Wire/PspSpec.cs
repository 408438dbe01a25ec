namespace MoMo.Client.Wire;

/// <summary>A PSP to create or change.</summary>
public sealed record PspSpec
{
    /// <summary>1 to 64 of a-z, 0-9, '.', '_' and '-'. Can't be changed.</summary>
    public string? Id { get; init; }

    /// <summary>Unique; 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Archived PSPs bring nothing new, but keep their history.</summary>
    public bool Archived { get; init; }
}
