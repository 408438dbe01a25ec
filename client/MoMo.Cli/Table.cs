using Spectre.Console;
using Drawn = Spectre.Console.Table;

namespace MoMo.Cli;

/// <summary>Rows under titles: drawn for a terminal, aligned plain text for pipes.</summary>
internal static class Table
{
    public static void Write<T>(Terminal terminal, IReadOnlyList<Column<T>> columns, IEnumerable<T> items)
    {
        var rows = items.Select(item => columns.Select(column => Clean.Text(column.Text(item))).ToArray()).ToList();
        if (terminal.Rich) Draw(terminal, columns, rows);
        else Align(terminal.Out, columns, rows);
    }

    private static void Draw<T>(Terminal terminal, IReadOnlyList<Column<T>> columns, List<string[]> rows)
    {
        var drawn = new Drawn { Border = TableBorder.Rounded };
        foreach (var column in columns)
            drawn.AddColumn(new TableColumn(new Text(column.Title, new Style(decoration: Decoration.Bold)))
            {
                Alignment = column.Right ? Justify.Right : Justify.Left,
            });
        foreach (var row in rows) drawn.AddRow(row.Select(cell => new Text(cell)));
        terminal.OpenConsole().Write(drawn);
    }

    private static void Align<T>(TextWriter output, IReadOnlyList<Column<T>> columns, List<string[]> rows)
    {
        var titles = columns.Select(column => column.Title).ToArray();
        var widths = columns.Select((_, index) => rows.Append(titles).Max(row => row[index].Length)).ToArray();
        foreach (var row in rows.Prepend(titles))
        {
            var cells = row.Select((cell, index) => columns[index].Right ? cell.PadLeft(widths[index]) : cell.PadRight(widths[index]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
