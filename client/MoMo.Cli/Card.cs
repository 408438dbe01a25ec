using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MoMo.Cli;

/// <summary>One thing with all that is known of it: a line per field for people, one JSON object for programs.</summary>
internal static class Card
{
    public static int Write<T>(Call call, T value, JsonTypeInfo<T> type)
    {
        if (call.Json)
        {
            call.Terminal.Out.WriteLine(JsonSerializer.Serialize(value, type));
            return ExitCode.Done;
        }

        var fields = JsonSerializer.SerializeToElement(value, type).EnumerateObject().SelectMany(Lines).ToList();
        var width = fields.Max(field => field.Name.Length);
        foreach (var (name, text) in fields) call.Terminal.Out.WriteLine($"{name.PadRight(width)}  {Clean.Text(text)}".TrimEnd());
        return ExitCode.Done;
    }

    private static IEnumerable<(string Name, string Text)> Lines(JsonProperty field)
    {
        if (field.Value.ValueKind is not JsonValueKind.Array) return [(field.Name, Text(field.Value))];

        // A list has a line per item, named once.
        return field.Value.EnumerateArray().Select((item, index) => (index == 0 ? field.Name : "", Text(item)));
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(field => $"{field.Name}: {Text(field.Value)}")),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => value.GetRawText(),
    };
}
