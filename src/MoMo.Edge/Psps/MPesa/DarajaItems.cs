using System.Text.Json;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>A list of names and values in any order: some items have no value, and a single item may stand without its list.</summary>
internal sealed class DarajaItems
{
    private const int LengthMax = 1_000;

    private readonly Dictionary<string, string> items = new(StringComparer.Ordinal);

    /// <param name="list">An array of objects, one object, or nothing.</param>
    /// <param name="name">What an item calls its name: <c>Name</c> or <c>Key</c>.</param>
    public DarajaItems(JsonElement list, string name)
    {
        IEnumerable<JsonElement> all = list.ValueKind switch
        {
            JsonValueKind.Array => list.EnumerateArray(),
            JsonValueKind.Object => [list],
            _ => [],
        };
        foreach (var item in all)
        {
            var fields = new MessageFields(item);
            // "Conversation ID" is written with and without its blank.
            if (fields.Loose(name, LengthMax)?.Replace(" ", "", StringComparison.Ordinal) is { } key && fields.Loose("Value", LengthMax) is { } value)
                items.TryAdd(key, value);
        }
    }

    /// <summary>A value by its name without blanks; null when there is none.</summary>
    public string? this[string name] => ForeignText.Clean(items.GetValueOrDefault(name), LengthMax);
}
