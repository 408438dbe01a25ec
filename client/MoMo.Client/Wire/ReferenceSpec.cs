namespace MoMo.Client.Wire;

/// <summary>A customer of an account to register or change.</summary>
public sealed record ReferenceSpec
{
    /// <summary>As payers write it, compared without case; 1 to 100 characters. Can't be changed.</summary>
    public string? Id { get; init; }

    /// <summary>The customer's name; at most 140 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Archived references find nothing new.</summary>
    public bool Archived { get; init; }
}
