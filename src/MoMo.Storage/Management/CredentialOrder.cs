namespace MoMo.Storage.Management;

/// <summary>Which credentials of an adapter are set or taken away; those that it doesn't name stay.</summary>
/// <param name="Sealed">New values, sealed for <see cref="Domain.Adapters.SealedCredential.Purpose"/>; null takes the credential away at once.</param>
/// <param name="Overlap">How long a value that is replaced stays valid beside the new one.</param>
public sealed record CredentialOrder(IReadOnlyDictionary<string, string?> Sealed, TimeSpan Overlap)
{
    /// <summary>How long an old value stays valid unless it is said.</summary>
    public static readonly TimeSpan OverlapDefault = TimeSpan.FromHours(24);

    /// <summary>The longest that it may stay.</summary>
    public static readonly TimeSpan OverlapMax = TimeSpan.FromDays(30);
}
