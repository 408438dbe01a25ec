namespace MoMo.Edge.Formats.Xml;

/// <summary>The values of a row, and of what stands before the rows, by their paths.</summary>
internal sealed class XmlFields
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> indexes;
    private readonly string?[] values;
    private readonly bool[] lasting;
    private readonly IReadOnlyList<string> paths;

    public XmlFields(IReadOnlyList<string> paths)
    {
        this.paths = paths;
        Dictionary<string, int> found = new(StringComparer.OrdinalIgnoreCase);
        (values, lasting) = (new string?[paths.Count], new bool[paths.Count]);
        for (var index = 0; index < paths.Count; index++)
        {
            found[paths[index]] = index;
            lasting[index] = paths[index][0] == '/';
        }

        indexes = found.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Which field a path is; -1 for none.</summary>
    public int Find(ReadOnlySpan<char> path) => indexes.TryGetValue(path, out var index) ? index : -1;

    /// <summary>The first value of a path counts; of what stands outside the rows the latest, until an element that it may stand in begins anew.</summary>
    public void Set(int index, string value)
    {
        if (lasting[index] || values[index] is null) values[index] = value;
    }

    public string Value(int index) => values[index] ?? "";

    /// <summary>A new row begins.</summary>
    public void Clear()
    {
        for (var index = 0; index < values.Length; index++)
            if (!lasting[index]) values[index] = null;
    }

    /// <summary>An element outside the rows begins: what an earlier one of its path held was said of the rows of that one.</summary>
    public void Clear(ReadOnlySpan<char> element)
    {
        for (var index = 0; index < values.Length; index++)
        {
            var path = paths[index].AsSpan();
            if (values[index] is not null && lasting[index] && path.StartsWith(element, StringComparison.OrdinalIgnoreCase)
                && (path.Length == element.Length || path[element.Length] == '/')) values[index] = null;
        }
    }
}
