namespace MoMo.Edge.Formats.Rows;

/// <summary>Finds a file's columns.</summary>
internal sealed class RowHeader(string[]? header)
{
    private readonly string[] names = [.. (header ?? []).Select(name => name.Trim().Trim('\uFEFF'))];
    private readonly List<string> missing = [];

    /// <summary>Fields of the header row; 0 without one.</summary>
    public int Count => names.Length;

    /// <summary>The field's index; -1 for no column at all.</summary>
    public int Find(RowColumn? column)
    {
        if (column is null) return -1;
        if (column.Name is null)
        {
            if (Count > 0 && column.Number > Count) missing.Add($"number {column.Number}");
            return column.Number - 1;
        }

        var index = Array.FindIndex(names, name => name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
        if (index < 0) missing.Add($"'{column.Name}'");
        else if (Array.FindLastIndex(names, name => name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)) != index)
            throw new FileFaultException("column-ambiguous",
                $"The header names '{column.Name}' more than once; configure the column by its number.");
        return index;
    }

    public int[] Find(IReadOnlyList<RowColumn> columns) => [.. columns.Select(Find)];

    /// <summary>A file whose columns were renamed is not guessed at.</summary>
    public void Close()
    {
        if (missing.Count > 0)
            throw new FileFaultException("column-missing", $"The header has no column {string.Join(", ", missing.Distinct())}.");
    }
}
