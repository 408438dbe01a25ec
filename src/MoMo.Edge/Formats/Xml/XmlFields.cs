namespace MoMo.Edge.Formats.Xml;

/// <summary>The values of a row, and of what stands before the rows, by their paths.</summary>
internal sealed class XmlFields
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> indexes;
    private readonly string?[] values;
    private readonly bool[] lasting;

    public XmlFields(IReadOnlyList<string> paths)
    {
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

    /// <summary>The first value of a path counts; of what stands outside the rows the latest.</summary>
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
}
