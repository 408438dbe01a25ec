using System.Runtime.InteropServices;
using System.Text.Json;

namespace MoMo.Edge.Formats.Json;

/// <summary>Checks that the names and strings of a JSON value are Unicode, which the framework's reader leaves to whoever reads them.</summary>
public static class JsonText
{
    /// <summary>Whether the text is one JSON object whose names and strings can all be read, nested no deeper than metadata may be.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 15 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            Walk(ref reader);
            return !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether all names and strings of a value can be read; of an undefined one too.</summary>
    public static bool IsUnicode(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined) return true;
        try
        {
            var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value), new JsonReaderOptions { MaxDepth = 1_000 });
            reader.Read();
            Walk(ref reader);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Moves to the end of the value that the reader stands on.</summary>
    /// <exception cref="InvalidOperationException">A name or string is not Unicode: half a surrogate pair, or broken UTF-8.</exception>
    internal static void Walk(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String) _ = reader.GetString();
        }
        while (!(reader.CurrentDepth == depth && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) && reader.Read());
    }
}
