namespace MoMo.Client.Wire;

/// <summary>An API key to make.</summary>
public sealed record KeySpec
{
    /// <summary>Who or what uses it; unique, 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>One or more of <c>admin</c>, <c>adapter</c> (any), <c>adapter:&lt;id&gt;</c>, <c>account:&lt;id&gt;</c>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
}
