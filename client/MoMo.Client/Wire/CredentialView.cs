namespace MoMo.Client.Wire;

/// <summary>That an adapter has a credential. What it is, is never shown.</summary>
public sealed record CredentialView
{
    /// <summary>Its name, such as <c>secret_key</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Since when it is what it is.</summary>
    public required DateTimeOffset SetAt { get; init; }

    /// <summary>Until when the value before it stays valid; null when none does.</summary>
    public DateTimeOffset? OldValidUntil { get; init; }
}
