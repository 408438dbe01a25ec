using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MoMo.Cli;

/// <summary>One thing with all that is known of it: a line per field for people, one JSON object for programs.</summary>
internal static class Card
{
    /// <param name="call">Where it is shown.</param>
    /// <param name="value">What is shown.</param>
    /// <param name="type">How it is read.</param>
    /// <param name="countMax">A number that may be more, which people are told; none by default.</param>
    public static int Write<T>(Call call, T value, JsonTypeInfo<T> type, long? countMax = null)
    {
        if (call.Json)
        {
            call.Terminal.Out.WriteLine(JsonSerializer.Serialize(value, type));
            return ExitCode.Done;
        }

        var fields = JsonSerializer.SerializeToElement(value, type).EnumerateObject().SelectMany(field => Lines(field, countMax)).ToList();
        var width = fields.Max(field => field.Name.Length);
        foreach (var (name, text) in fields) call.Terminal.Out.WriteLine($"{name.PadRight(width)}  {Clean.Text(text)}".TrimEnd());
        return ExitCode.Done;
    }

    private static IEnumerable<(string Name, string Text)> Lines(JsonProperty field, long? countMax)
    {
        if (field.Value.ValueKind is not JsonValueKind.Array) return [(field.Name, Text(field.Value, countMax))];

        // A list has a line per item, named once.
        return field.Value.EnumerateArray().Select((item, index) => (index == 0 ? field.Name : "", Text(item, countMax)));
    }

    private static string Text(JsonElement value, long? countMax) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(field => $"{field.Name}: {Text(field.Value, countMax)}")),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Number when countMax is { } max && value.TryGetInt64(out var count) && count == max => $"{value.GetRawText()}+",
        _ => value.GetRawText(),
    };
}
