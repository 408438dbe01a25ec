using CsvHelper;

namespace MoMo.Edge.Formats.Csv;

/// <summary>Remembers that quotes did not match in the row being read.</summary>
internal sealed class CsvTear
{
    /// <summary>CsvHelper tells of each such field with a copy of the whole row: many in a long row would be gigabytes.</summary>
    private const int FieldsMax = 16;

    private int fields;

    /// <exception cref="CsvTornException">Too many fields of one row.</exception>
    public void Note(BadDataFoundArgs field)
    {
        if (++fields > FieldsMax) throw new CsvTornException();
    }

    /// <summary>Whether the row was torn; forgets it.</summary>
    public bool Take()
    {
        var was = fields > 0;
        fields = 0;
        return was;
    }
}
