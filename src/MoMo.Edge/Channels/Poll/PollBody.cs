using System.Text;
using System.Text.Json;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Channels.Poll;

/// <summary>The setting <c>body</c>: a JSON object that is posted, whose texts may hold the URL's placeholders; 20 names at most.</summary>
internal sealed class PollBody
{
    private const int NamesMax = 20;
    private const int TextMax = 200;

    private readonly (string Name, JsonElement Value)[] fields;

    private PollBody((string Name, JsonElement Value)[] fields) => this.fields = fields;

    /// <summary>Whether one of its texts has this placeholder.</summary>
    public bool Has(string place) =>
        fields.Any(field => field.Value.ValueKind == JsonValueKind.String && field.Value.GetString()!.Contains(place, StringComparison.Ordinal));

    /// <summary>Reads the setting; null when there is none, and the API is asked by GET.</summary>
    public static PollBody? Read(SettingsReader settings)
    {
        if (settings.Value("body") is not { } body) return null;
        if (body.ValueKind == JsonValueKind.Object && body.GetPropertyCount() is > 0 and <= NamesMax && body.EnumerateObject().All(IsPlain)
            && body.EnumerateObject().DistinctBy(one => one.Name).Count() == body.GetPropertyCount())
            return new PollBody([.. body.EnumerateObject().Select(one => (one.Name, one.Value.Clone()))]);
        settings.Fault("body", "setting-malformed", $"Give an object of 1 to {NamesMax} texts (of {TextMax} characters at most), numbers, true or false.");
        return null;
    }

    /// <summary>The JSON, its texts filled.</summary>
    public string Fill(Func<string, string> fill)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                writer.WritePropertyName(name);
                if (value.ValueKind == JsonValueKind.String) writer.WriteStringValue(fill(value.GetString()!));
                else value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length);
    }

    private static bool IsPlain(JsonProperty field) => field.Name.Length is > 0 and <= 100 && field.Value.ValueKind switch
    {
        JsonValueKind.String => field.Value.GetString()!.Length <= TextMax,
        JsonValueKind.Number => field.Value.GetRawText().Length <= 40,
        JsonValueKind.True or JsonValueKind.False => true,
        _ => false,
    };
}
