using System.Text.Json;

namespace MoMo.Edge.Formats.Rows;

/// <summary>A column by its name in the header (small and capital letters alike) or by its number from 1.</summary>
/// <param name="Name">Null when it is a number.</param>
/// <param name="Number">From 1; 0 when it is a name.</param>
public sealed record RowColumn(string? Name, int Number)
{
    private const int NumberMax = 1_000;

    internal static RowColumn? Read(SettingsReader reader, string name, bool hasHeader) =>
        reader.Value(name) is { } value ? Read(reader, name, value, hasHeader) : null;

    internal static IReadOnlyList<RowColumn> ReadSeveral(SettingsReader reader, string name, bool hasHeader) =>
        [.. reader.Values(name, 20).Select(value => Read(reader, name, value, hasHeader)).OfType<RowColumn>()];

    /// <inheritdoc/>
    public override string ToString() => Name ?? $"{Number}";

    private static RowColumn? Read(SettingsReader reader, string name, JsonElement value, bool hasHeader)
    {
        if (hasHeader && value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 and <= 200 } text)
            return new RowColumn(text, 0);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is >= 1 and <= NumberMax)
            return new RowColumn(null, number);
        reader.Fault(name, "setting-malformed", hasHeader
            ? $"Give a column's name, or its number from 1 to {NumberMax}."
            : $"There is no header; give a column's number from 1 to {NumberMax}.");
        return null;
    }
}
