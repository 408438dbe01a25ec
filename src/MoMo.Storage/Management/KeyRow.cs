namespace MoMo.Storage.Management;

/// <summary>An API key as it is stored.</summary>
/// <param name="Id">The public part.</param>
/// <param name="Name">Who or what uses it; unique.</param>
/// <param name="Hash">SHA-256 of its secret part.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastUsedAt">When it was last used, to the minute.</param>
public sealed record KeyRow(
    string Id, string Name, ReadOnlyMemory<byte> Hash, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>The whole key: only in the answer that made it.</summary>
    public string? Text { get; init; }
}
