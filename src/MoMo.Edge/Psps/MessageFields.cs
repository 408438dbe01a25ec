using System.Text.Json;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps;

/// <summary>The fields of one JSON message, and everything that is wrong with them. Numbers are read by their digits, never as floating point.</summary>
internal sealed class MessageFields
{
    private readonly JsonElement message;
    private readonly string prefix;
    private readonly List<FieldFault> faults;

    public MessageFields(JsonElement message) : this(message, "", [])
    {
    }

    private MessageFields(JsonElement message, string prefix, List<FieldFault> faults) =>
        (this.message, this.prefix, this.faults) = (message, prefix, faults);

    public IReadOnlyList<FieldFault> Faults => faults;

    /// <summary>Whether there is an object here at all.</summary>
    public bool IsObject => message.ValueKind == JsonValueKind.Object;

    /// <summary>The refusal of a message with faults; null without any.</summary>
    public Refusal? Refused => faults.Count == 0 ? null : new Refusal("message-malformed", "The message can't be read; see the fields.", faults);

    public void Fault(string name, string code, string detail) => faults.Add(new FieldFault($"{prefix}{name}", code, detail));

    /// <summary>The object of this name, its faults gathered here; one without fields when there is none.</summary>
    public MessageFields Section(string name) =>
        new(IsObject && message.TryGetProperty(name, out var value) ? value : default, $"{prefix}{name}.", faults);

    /// <summary>A value as it stands; undefined when it is missing or null.</summary>
    public JsonElement Value(string name) =>
        IsObject && message.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    /// <summary>A text or number that must be there.</summary>
    public string? Needed(string name, int lengthMax)
    {
        var before = faults.Count;
        var text = Optional(name, int.MaxValue); // what is too long is refused, never shortened
        if (text is not null && text.Length <= lengthMax) return text;
        if (text is not null) Fault(name, "field-malformed", $"{name} has more than {lengthMax} characters.");
        else if (faults.Count == before) Fault(name, "field-missing", $"The message has {prefix}{name}.");
        return null;
    }

    /// <summary>A text or number, trimmed; null when there is none or it is empty.</summary>
    public string? Optional(string name, int lengthMax)
    {
        var value = Value(name);
        if (value.ValueKind == JsonValueKind.Undefined) return null;
        if (value.ValueKind == JsonValueKind.Number) return ForeignText.Clean(value.GetRawText(), lengthMax);
        if (value.ValueKind == JsonValueKind.String && Text(value) is { } text) return ForeignText.Clean(text, lengthMax);
        Fault(name, "field-malformed", $"{name} is a text.");
        return null;
    }

    /// <summary>A text or number when it is one, and nothing said when it is something else.</summary>
    public string? Loose(string name, int lengthMax)
    {
        var value = Value(name);
        return value.ValueKind switch
        {
            JsonValueKind.Number => ForeignText.Clean(value.GetRawText(), lengthMax),
            JsonValueKind.String => ForeignText.Clean(Text(value), lengthMax),
            _ => null,
        };
    }

    /// <summary>A value exactly as it was written, for signatures: a text without its quotation marks, all else by its letters.</summary>
    public string Exact(string name) => Value(name) switch
    {
        { ValueKind: JsonValueKind.Undefined } => "",
        { ValueKind: JsonValueKind.String } text => Text(text) ?? "",
        var other => other.GetRawText(),
    };

    /// <summary>An amount in major units, and its currency in a field of its own.</summary>
    public Money? Major(string amount, string currency)
    {
        if (Needed(amount, Money.TextMax) is not { } text || Needed(currency, 3) is not { } code) return null;
        var money = Money.Parse(text, code);
        if (money.Refused is { } refusal) Fault(refusal.Faults[0].Field == "currency" ? currency : amount, refusal.Code, refusal.Detail);
        return money.Accepted;
    }

    /// <summary>An instant in ISO 8601; without a zone it is a time of the zone given.</summary>
    public PaidAt? Time(string name, TimeZoneInfo zone)
    {
        if (Needed(name, 40) is not { } text) return null;
        if (ForeignTime.ReadIso(text, zone) is { } time) return time;
        Fault(name, "time-malformed", "The time is not ISO 8601.");
        return null;
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            var text = value.GetString();
            return text.AsSpan().ContainsAny('\uFFFE', '\uFFFF') ? null : text; // no characters: no payment could be told of them
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, escaped: no text at all
        }
    }
}
