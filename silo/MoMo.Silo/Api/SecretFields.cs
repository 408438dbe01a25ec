using System.Text.Json;

namespace MoMo.Silo.Api;

/// <summary>Secrets that come as a JSON object of texts, and are never shown again.</summary>
internal static class SecretFields
{
    private const int LengthMax = 32_768;

    /// <summary>What is wrong with them, without telling them; null when all is well, or nothing was given.</summary>
    /// <param name="owner">Whose they are, such as <c>a channel of kind sftp</c>.</param>
    /// <param name="known">The names that the owner knows.</param>
    /// <param name="secret">What was given; undefined for nothing.</param>
    public static string? Fault(string owner, IReadOnlyList<string> known, JsonElement secret)
    {
        if (secret.ValueKind == JsonValueKind.Undefined) return null;
        var names = known.Count == 0 ? "none" : string.Join(", ", known);
        if (secret.ValueKind != JsonValueKind.Object
            || secret.EnumerateObject().Any(one => one.Value.ValueKind != JsonValueKind.String || !known.Contains(one.Name)))
            return $"The secret is a JSON object of texts; {owner} knows: {names}.";
        return secret.GetRawText().Length > LengthMax ? $"The secret has at most {LengthMax} characters." : null;
    }
}
