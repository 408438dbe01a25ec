using CsvHelper;
using MoMo.Domain.Files;

namespace MoMo.Edge.Formats.Csv;

/// <summary>Whether the fields of the row being read are where the header says.</summary>
/// <param name="row">The row.</param>
/// <param name="fieldsMax">Fields of the header; 0 without one.</param>
/// <param name="fieldsMin">Fields that a row must have.</param>
/// <param name="torn">Hears of quotes that do not match.</param>
internal sealed class CsvShape(CsvParser row, int fieldsMax, int fieldsMin, CsvTear torn)
{
    private int lastLine, lines;

    /// <summary>Whether no field holds anything. To be asked first, of every row.</summary>
    public bool IsEmpty()
    {
        lines = row.RawRow - lastLine;
        lastLine = row.RawRow;
        torn.Take();
        for (var index = 0; index < row.Count; index++)
            if (!string.IsNullOrWhiteSpace(row[index])) return false;
        return true;
    }

    /// <summary>A row whose fields may not be where the header says: nothing of it is believed.</summary>
    public FaultEntry? Fault()
    {
        if (row.Count < fieldsMin)
            return new FaultEntry(row.Row, "row-short", $"The row has {row.Count} fields, not {fieldsMin}; it may be cut off.");
        for (var index = fieldsMax; fieldsMax > 0 && index < row.Count; index++)
            if (!string.IsNullOrWhiteSpace(row[index]))
                return new FaultEntry(row.Row, "row-long", "The row has more fields than the header; a delimiter may stand in a text.");

        // A quote too many or too few can swallow the rows that follow, in a field that nobody reads.
        for (var index = 0; lines > 1 && index < row.Count; index++) _ = row[index];
        return torn.Take()
            ? new FaultEntry(row.Row, "row-torn", "The row's quotation marks do not match; rows after it may be lost in it.") : null;
    }
}
