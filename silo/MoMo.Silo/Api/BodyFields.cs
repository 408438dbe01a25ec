using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>
/// Reads the fields of a JSON body into a wire record. Whatever can't be used is named, all of it at once, and left out of the record: names that
/// there are not (a typo in an option must not drop the option), fields that stand twice, values of another type, characters that no text may have.
/// </summary>
internal static class BodyFields
{
    /// <summary>Names that there are not, of which so many are told; a field that there is, is told of once.</summary>
    private const int FaultsMax = 50;
    private const int NameShown = 60;

    /// <summary>The record.</summary>
    /// <param name="body">As it was sent.</param>
    /// <param name="form">How the record is read.</param>
    /// <param name="answered">Names that are passed over: what answers say of the same thing.</param>
    /// <param name="shown">Fields that answers show in another form; in that form they are passed over, too.</param>
    /// <param name="checks">Gathers what can't be used.</param>
    /// <exception cref="BodyException">It is no object, or holds text that is not Unicode.</exception>
    public static T Read<T>(
        JsonElement body, JsonTypeInfo<T> form, IReadOnlySet<string> answered, IReadOnlyDictionary<string, JsonTypeInfo> shown, Checks checks) where T : class
    {
        if (body.ValueKind != JsonValueKind.Object) throw new BodyException("The body is one JSON object.");
        if (!JsonText.IsUnicode(body)) throw new BodyException("The body holds text that is not Unicode: bytes that are not UTF-8, or half a surrogate pair.");

        var known = form.Properties.ToDictionary(one => one.Name, StringComparer.OrdinalIgnoreCase);
        Dictionary<string, JsonElement> fit = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> told = new(StringComparer.OrdinalIgnoreCase);
        var whole = true;
        var unknown = 0;
        foreach (var field in body.EnumerateObject())
        {
            // Of many names that there are not the rest is passed over: to look for what each was meant to be costs much, and nobody would read it.
            var isKnown = known.ContainsKey(field.Name);
            if (!isKnown && answered.Contains(field.Name)) continue;
            if (!isKnown && ++unknown > FaultsMax) continue;
            if (Fault(field, known, seen) is not { } fault)
            {
                fit[field.Name] = field.Value;
                continue;
            }

            fit.Remove(field.Name);
            whole = false;
            if (fault.Code == FieldTypes.Code && shown.TryGetValue(field.Name, out var answer) && Fits(field.Value, answer)) continue;
            if (!isKnown || told.Add(field.Name)) checks.Unusable(fault);
        }

        return (whole ? body.Deserialize(form) : JsonSerializer.Deserialize(Written(fit), form))!;
    }

    private static FieldFault? Fault(JsonProperty field, Dictionary<string, JsonPropertyInfo> known, HashSet<string> seen)
    {
        var name = Shown(field.Name);
        if (!known.TryGetValue(field.Name, out var place))
            return new FieldFault(name, "field-unknown", $"There is no such field.{NearestName.Hint(field.Name, known.Keys)}");
        if (!seen.Add(field.Name)) return new FieldFault(place.Name, "duplicate", $"{place.Name} stands twice.");
        if (Inner(field.Value, place.Name) is { } inner) return inner;
        if (Fits(field.Value, place.Options.GetTypeInfo(place.PropertyType))) return null;
        var (code, what) = FieldTypes.Of(place.PropertyType);
        return new FieldFault(place.Name, code, $"{place.Name} is {what}.");
    }

    private static bool Fits(JsonElement value, JsonTypeInfo type)
    {
        try
        {
            value.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What is wrong inside of a value, however deep: a name that stands twice, of which nobody knows which counts, or a NUL, which is in no text.</summary>
    private static FieldFault? Inner(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when value.GetString()!.Contains('\0', StringComparison.Ordinal):
                return new FieldFault(path, "characters", $"{path} holds a NUL, which no text may have.");
            case JsonValueKind.Array:
                return value.EnumerateArray().Select(one => Inner(one, path)).FirstOrDefault(fault => fault is not null);
            case JsonValueKind.Object:
                HashSet<string> names = [];
                foreach (var one in value.EnumerateObject())
                {
                    var inner = $"{path}.{Shown(one.Name)}";
                    if (!names.Add(one.Name)) return new FieldFault(inner, "duplicate", $"{inner} stands twice.");
                    if (one.Name.Contains('\0', StringComparison.Ordinal)) return new FieldFault(inner, "characters", $"{path} has a name with a NUL, which no text may have.");
                    if (Inner(one.Value, inner) is { } fault) return fault;
                }

                return null;
            default:
                return null;
        }
    }

    private static ReadOnlySpan<byte> Written(Dictionary<string, JsonElement> fields)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan;
    }

    private static string Shown(string name) => RouteText.Part(name.Length > NameShown ? name[..NameShown] : name);
}
