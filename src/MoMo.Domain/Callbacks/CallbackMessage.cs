namespace MoMo.Domain.Callbacks;

/// <summary>What a PSP sent, byte for byte.</summary>
/// <param name="Method"><c>POST</c>, <c>PUT</c> or <c>GET</c>.</param>
/// <param name="Path">What follows the secret in the address, without slashes around it and in lower case: <c>confirmation</c>; empty when nothing does.</param>
/// <param name="Headers">By name, without regard to case; several of one name are joined by commas.</param>
/// <param name="Body">The raw body; of a GET the raw query, without its question mark.</param>
/// <param name="ReceivedAt">When the hub received it.</param>
public sealed record CallbackMessage(
    string Method, string Path, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body, DateTimeOffset ReceivedAt)
{
    /// <summary>A header's value, trimmed; null when it is missing or empty.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var value) && value.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}
