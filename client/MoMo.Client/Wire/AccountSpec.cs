namespace MoMo.Client.Wire;

/// <summary>An account to create or change.</summary>
public sealed record AccountSpec
{
    /// <summary>1 to 100 of letters, digits, '.', '_' and '-'; compared without case. Can't be changed.</summary>
    public string? Id { get; init; }

    /// <summary>Unique; 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Asked with <c>?reference_id=</c> whether a reference is this account's: 200 yes, 404 no. Unique. http or https.</summary>
    public string? LookupUrl { get; init; }

    /// <summary><c>live</c> (default for a new one) or <c>test</c>: a test account gets test money only. Can't be changed.</summary>
    public string? Mode { get; init; }

    /// <summary>Archived accounts get nothing new, but keep their history.</summary>
    public bool Archived { get; init; }
}
