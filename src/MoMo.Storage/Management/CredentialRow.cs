namespace MoMo.Storage.Management;

/// <summary>That a credential is set, and since when; never what it is.</summary>
/// <param name="Name">Such as <c>secret_key</c>.</param>
/// <param name="SetAt">Since when.</param>
/// <param name="OldValidUntil">Until when the value before it stays valid; null when none does.</param>
public sealed record CredentialRow(string Name, DateTimeOffset SetAt, DateTimeOffset? OldValidUntil);
