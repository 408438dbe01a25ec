using System.Text.Json;

namespace MoMo.Edge.Formats.Json;

/// <summary>Says in the hub's own words why bytes are no JSON that can be trusted, and where: the reader's own words speak of its insides.</summary>
public static class JsonFault
{
    /// <summary>Where a reader stopped, such as <c>line 1, byte 14</c>; both count from 1.</summary>
    public static string Place(JsonException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return Place(fault.LineNumber ?? 0, fault.BytePositionInLine ?? 0);
    }

    /// <summary>Looks for what made a reader refuse the bytes.</summary>
    /// <param name="json">What was refused, without a byte order mark.</param>
    /// <param name="depthMax">How deep it may be nested.</param>
    /// <param name="duplicates">Whether a name may stand twice in an object.</param>
    /// <returns>Half a sentence: <c>line 1, byte 14: it ends in the middle</c>.</returns>
    public static string Explain(ReadOnlySpan<byte> json, int depthMax, bool duplicates = true)
    {
        if (json.Trim(" \t\r\n"u8).IsEmpty) return "it is empty";
        // Not as the last piece: then to be cut off is no fault, and what is one stands where the reader says.
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = depthMax + 1 }));
        Stack<HashSet<string>> names = [];
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= depthMax)
                    return $"{PlaceOf(json, reader.TokenStartIndex)}: it is nested deeper than {depthMax} levels";
                if (duplicates) continue;
                if (reader.TokenType == JsonTokenType.StartObject) names.Push([]);
                else if (reader.TokenType == JsonTokenType.EndObject) names.Pop();
                else if (reader.TokenType == JsonTokenType.PropertyName && !names.Peek().Add(reader.GetString()!))
                    return $"{PlaceOf(json, reader.TokenStartIndex)}: a name stands twice in one object";
            }
        }
        catch (JsonException fault)
        {
            return $"{Place(fault)}: what stands there is no JSON";
        }
        catch (InvalidOperationException)
        {
            return $"{PlaceOf(json, reader.TokenStartIndex)}: a name is not Unicode";
        }

        return $"{PlaceOf(json, json.Length)}: it ends in the middle";
    }

    private static string PlaceOf(ReadOnlySpan<byte> json, long index)
    {
        var before = json[..(int)index];
        return Place(before.Count((byte)'\n'), before.Length - (before.LastIndexOf((byte)'\n') + 1));
    }

    /// <param name="line">From 0.</param>
    /// <param name="position">From 0, in bytes.</param>
    private static string Place(long line, long position) => $"line {line + 1}, byte {position + 1}";
}
