using System.Text;
using System.Text.Json;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;

namespace MoMo.Edge.Formats;

/// <summary>Reads a format's settings and collects everything that is wrong with them.</summary>
internal sealed class SettingsReader
{
    private const int TextMax = 200;
    private const int FaultsMax = 50;
    private const int NameShown = 60;
    private readonly JsonElement settings;
    private readonly string prefix;
    private readonly List<FieldFault> faults;
    private readonly HashSet<string> known = [];

    public SettingsReader(JsonElement settings) : this(JsonText.IsUnicode(settings) ? settings : default, "", [])
    {
        if (this.settings.ValueKind != settings.ValueKind)
            Fault("", "setting-malformed", "Settings hold text that is not Unicode (half a surrogate pair).");
    }

    private SettingsReader(JsonElement settings, string prefix, List<FieldFault> faults)
    {
        (this.settings, this.prefix, this.faults) = (settings, prefix, faults);
        if (settings.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
            Fault("", "setting-malformed", "Settings are a JSON object.");
    }

    /// <summary>After 50 no more are collected.</summary>
    public void Fault(string name, string code, string detail)
    {
        if (faults.Count < FaultsMax) faults.Add(new FieldFault($"{prefix}{ForeignText.Clean(name, NameShown)}".TrimEnd('.'), code, detail));
    }

    public JsonElement? Value(string name)
    {
        known.Add(name);
        return settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out var value)
            && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public string? Text(string name, int lengthMin = 1)
    {
        if (Value(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= TextMax } text && text.Length >= lengthMin) return text;
        Fault(name, "setting-malformed", $"Give a text of {lengthMin} to {TextMax} characters.");
        return null;
    }

    public int Number(string name, int min, int max, int otherwise)
    {
        if (Value(name) is not { } value) return otherwise;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max) return number;
        Fault(name, "setting-malformed", $"Give a whole number from {min} to {max}.");
        return otherwise;
    }

    /// <summary>A single character.</summary>
    public char Mark(string name, char otherwise)
    {
        if (Text(name) is not { } text) return otherwise;
        if (text.Length == 1) return text[0];
        Fault(name, "setting-malformed", "Give one character.");
        return otherwise;
    }

    /// <summary>An encoding by its IANA name; null when it is not set.</summary>
    public Encoding? Encoding(string name)
    {
        if (Text(name) is not { } text) return null;
        try
        {
            return Windows1252Fallback.Find(text);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            Fault(name, "encoding-unknown", $"'{text}' is not an encoding; use an IANA name such as windows-1252.");
            return null;
        }
    }

    public bool Flag(string name, bool otherwise)
    {
        if (Value(name) is not { } value) return otherwise;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fault(name, "setting-malformed", "Give true or false.");
        return otherwise;
    }

    /// <summary>One of these; the first when it is not set.</summary>
    public string Choice(string name, params ReadOnlySpan<string> choices)
    {
        if (Text(name) is not { } text) return choices[0];
        if (choices.Contains(text)) return text;
        Fault(name, "setting-malformed", $"Give {string.Join(" or ", choices!)}.");
        return choices[0];
    }

    /// <summary>One value or an array of them; empty when it is not set.</summary>
    public IReadOnlyList<JsonElement> Values(string name, int valuesMax)
    {
        if (Value(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array) return [value];
        if (value.GetArrayLength() is > 0 and var length && length <= valuesMax) return [.. value.EnumerateArray()];
        Fault(name, "setting-malformed", $"Give 1 to {valuesMax} values.");
        return [];
    }

    public IReadOnlyList<string> Texts(string name, int valuesMax)
    {
        List<string> texts = [];
        foreach (var value in Values(name, valuesMax))
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= TextMax } text) texts.Add(text);
            else Fault(name, "setting-malformed", $"Give texts of 1 to {TextMax} characters.");
        }

        return texts;
    }

    /// <summary>The IANA time zone of this setting; UTC when it is not set.</summary>
    public TimeZoneInfo Zone(string name)
    {
        if (Text(name) is not { } text) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone)) return zone;
        Fault(name, "time-zone-unknown", $"'{text}' is not a time zone of the IANA list, such as Africa/Nairobi.");
        return TimeZoneInfo.Utc;
    }

    public SettingsReader Section(string name) => new(Value(name) ?? default, $"{prefix}{name}.", faults);

    public SettingsReader Section(string name, int index, JsonElement value) => new(value, $"{prefix}{name}.{index}.", faults);

    /// <summary>Nothing else may be set: a misspelt setting would silently not work.</summary>
    public void Close()
    {
        if (settings.ValueKind != JsonValueKind.Object) return;
        foreach (var property in settings.EnumerateObject())
            if (!known.Contains(property.Name))
                Fault(property.Name, "setting-unknown", $"There is no such setting; there are: {string.Join(", ", known.Order())}.");
    }

    public Refusal? Refused =>
        faults.Count == 0 ? null : new Refusal("settings-invalid", "Correct the settings that are listed.", [.. faults]);
}
