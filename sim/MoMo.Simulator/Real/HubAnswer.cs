using System.Text.Json;

namespace MoMo.Simulator.Real;

/// <summary>What a hub answered.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Bytes">The body.</param>
/// <param name="Headers">Headers of answer and body by name.</param>
internal sealed record HubAnswer(int Status, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as JSON; undefined when it is empty.</summary>
    public JsonElement Json => Bytes.Length == 0 ? default : JsonElement.Parse(Bytes);

    /// <summary>A text in the body.</summary>
    public string? Text(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The fields that a problem names, in order.</summary>
    public string[] Fields =>
        Json.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal)] : [];

    public override string ToString() => $"{Status} {System.Text.Encoding.UTF8.GetString(Bytes)}";
}
