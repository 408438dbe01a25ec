using System.Xml.Linq;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps;

/// <summary>The elements below one of an XML message, by their local names, and everything that is wrong with them.</summary>
internal sealed class ElementFields(XElement? parent)
{
    private readonly List<FieldFault> faults = [];

    /// <summary>The refusal of a message with faults; null without any.</summary>
    public Refusal? Refused => faults.Count == 0 ? null : new Refusal("message-malformed", "The message can't be read; see the fields.", faults);

    public void Fault(string name, string code, string detail) => faults.Add(new FieldFault(name, code, detail));

    /// <summary>An element's text, trimmed; null when there is none. Which of two counts, nobody should have to guess.</summary>
    public string? Optional(string name, int lengthMax)
    {
        XElement[] found = [.. parent?.Elements().Where(one => one.Name.LocalName == name).Take(2) ?? []];
        if (found.Length > 1) Fault(name, "field-malformed", $"{name} stands twice.");
        return found.Length == 1 ? ForeignText.Clean(found[0].Value, lengthMax) : null;
    }

    /// <summary>An element's text that must be there.</summary>
    public string? Needed(string name, int lengthMax)
    {
        var before = faults.Count;
        var text = Optional(name, int.MaxValue); // what is too long is refused, never shortened
        if (text is not null && text.Length <= lengthMax) return text;
        if (text is not null) Fault(name, "field-malformed", $"{name} has more than {lengthMax} characters.");
        else if (faults.Count == before) Fault(name, "field-missing", $"The message has {name}.");
        return null;
    }
}
