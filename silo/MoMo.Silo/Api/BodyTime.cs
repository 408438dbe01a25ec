using System.Text.Json;
using System.Text.Json.Serialization;

namespace MoMo.Silo.Api;

/// <summary>Reads times in bodies as those in queries are: the framework would take a day alone, or a time without an offset for the machine's own.</summary>
internal sealed class BodyTime : JsonConverter<DateTimeOffset>
{
    /// <exception cref="JsonException">It is no time of RFC 3339.</exception>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (reader.TokenType == JsonTokenType.String ? Rfc3339.Read(reader.GetString()!) : null) ?? throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value);
    }
}
