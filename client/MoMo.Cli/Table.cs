using Spectre.Console;
using Spectre.Console.Rendering;
using Drawn = Spectre.Console.Table;

namespace MoMo.Cli;

/// <summary>Rows under titles: drawn for a terminal that is wide enough, else aligned plain text, as for pipes.</summary>
internal static class Table
{
    /// <summary>Cells that sentences get at least.</summary>
    private const int WrappedMin = 20;

    public static void Write<T>(Terminal terminal, IReadOnlyList<Column<T>> columns, IEnumerable<T> items)
    {
        var rows = items.Select(item => columns.Select(column => Clean.Text(column.Text(item))).ToArray()).ToList();
        var widths = columns.Select((column, index) => Math.Max(Width(column.Title), rows.Select(row => Width(row[index])).DefaultIfEmpty().Max())).ToArray();
        if (terminal.Rich && terminal.OpenConsole() is var console && Fits(columns, widths, console.Profile.Width)) Draw(console, columns, rows);
        else Align(terminal.Out, columns, rows, widths);
    }

    /// <summary>Whether nothing that is to be copied in one piece would be parted.</summary>
    private static bool Fits<T>(IReadOnlyList<Column<T>> columns, int[] widths, int room)
    {
        var needed = 1; // a line down the left side, and two spaces and a line for each column
        for (var index = 0; index < widths.Length; index++) needed += 3 + (columns[index].Wraps ? Math.Min(widths[index], WrappedMin) : widths[index]);
        return needed <= room;
    }

    /// <summary>Cells of a terminal: Chinese characters take two, accents of their own none.</summary>
    private static int Width(string text) => new Segment(text).CellCount();

    private static void Draw<T>(IAnsiConsole console, IReadOnlyList<Column<T>> columns, List<string[]> rows)
    {
        var drawn = new Drawn { Border = TableBorder.Rounded };
        foreach (var column in columns)
            drawn.AddColumn(new TableColumn(new Text(column.Title, new Style(decoration: Decoration.Bold)))
            {
                Alignment = column.Right ? Justify.Right : Justify.Left,
                NoWrap = !column.Wraps,
            });
        foreach (var row in rows) drawn.AddRow(row.Select(cell => new Text(cell)));
        console.Write(drawn);
    }

    private static void Align<T>(TextWriter output, IReadOnlyList<Column<T>> columns, List<string[]> rows, int[] widths)
    {
        foreach (var row in rows.Prepend(columns.Select(column => column.Title).ToArray()))
        {
            var cells = row.Select((cell, index) =>
            {
                var pad = new string(' ', widths[index] - Width(cell));
                return columns[index].Right ? pad + cell : cell + pad;
            });
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
