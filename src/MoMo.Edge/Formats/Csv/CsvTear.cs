using CsvHelper;

namespace MoMo.Edge.Formats.Csv;

/// <summary>Remembers that quotes did not match in the row being read.</summary>
internal sealed class CsvTear
{
    private bool torn;

    public void Note(BadDataFoundArgs field) => torn = true;

    /// <summary>Whether the row was torn; forgets it.</summary>
    public bool Take()
    {
        var was = torn;
        torn = false;
        return was;
    }
}
