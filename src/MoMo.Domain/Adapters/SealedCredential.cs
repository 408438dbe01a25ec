namespace MoMo.Domain.Adapters;

/// <summary>Something that an adapter and its PSP share, as it is kept: encrypted.</summary>
/// <param name="Name">Such as <c>secret_key</c>; its format says which there are.</param>
/// <param name="Sealed">Opens for the purpose <see cref="Purpose"/> only.</param>
/// <param name="ValidUntil">An old one, which counts until then; null for the current one.</param>
public sealed record SealedCredential(string Name, string Sealed, DateTimeOffset? ValidUntil)
{
    /// <summary>What a credential is sealed for.</summary>
    public static string Purpose(string adapter, string name) => $"adapter:{adapter}/{name}";
}
