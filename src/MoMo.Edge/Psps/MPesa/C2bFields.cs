using System.Text.Json;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>The fields of one message, and everything that is wrong with them.</summary>
internal sealed class C2bFields(JsonElement message)
{
    private readonly List<FieldFault> faults = [];

    public IReadOnlyList<FieldFault> Faults => faults;

    public void Fault(string name, string code, string detail) => faults.Add(new FieldFault(name, code, detail));

    /// <summary>A text or number that must be there; numbers are read by their digits, never as floating point.</summary>
    public string? Needed(string name, int lengthMax)
    {
        var before = faults.Count;
        var text = Optional(name, int.MaxValue);
        if (text is not null && text.Length <= lengthMax) return text;
        if (text is not null) Fault(name, "field-malformed", $"{name} has more than {lengthMax} characters.");
        else if (faults.Count == before) Fault(name, "field-missing", $"A C2B message has {name}.");
        return null;
    }

    /// <summary>A text or number, trimmed; null when there is none or it is empty.</summary>
    public string? Optional(string name, int lengthMax)
    {
        if (!message.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Number) return ForeignText.Clean(value.GetRawText(), lengthMax);
        if (value.ValueKind == JsonValueKind.String && Text(value) is { } text) return ForeignText.Clean(text, lengthMax);
        Fault(name, "field-malformed", $"{name} is a text.");
        return null;
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, escaped: no text at all
        }
    }
}
