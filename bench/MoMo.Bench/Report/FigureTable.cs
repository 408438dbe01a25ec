using System.Globalization;

namespace MoMo.Bench.Report;

/// <summary>The figures as one table of plain text.</summary>
internal static class FigureTable
{
    private static readonly string[] Titles = ["benchmark", "what / against", "ratio", "min-max", "MoMo", "against", "unit", "dropped"];
    private static readonly bool[] Right = [false, false, true, true, true, true, false, true];

    public static void Write(TextWriter output, Machine machine, Scale scale, IReadOnlyList<Figure> figures)
    {
        output.WriteLine();
        foreach (var line in machine.Lines()) output.WriteLine(line);
        output.WriteLine($"Median of {scale.Rounds} alternating rounds, {scale.LegSeconds} s each where time is the measure.");
        if (scale.IsQuick || scale.Rounds < 3) output.WriteLine("A quick run: it proves that everything works, the figures mean nothing.");
        output.WriteLine();

        string[][] rows = [Titles, .. figures.Select(Cells)];
        var widths = Titles.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => Right[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }

        output.WriteLine();
        foreach (var figure in figures.Where(figure => figure.Note is { Length: > 0 } || figure.Lost > 0))
        {
            output.WriteLine($"{figure.Benchmark}, {figure.What}: {figure.Note}");
            if (figure.Lost > 0) output.WriteLine($"  LOST: {figure.Lost} payments were acknowledged and are not there.");
        }
    }

    private static string[] Cells(Figure figure) =>
    [
        figure.Benchmark, figure.What, Ratio(figure.Ratio), $"{Ratio(figure.Ratios.Min())}-{Ratio(figure.Ratios.Max())}",
        Screen.Count(figure.OursMedian), Screen.Count(figure.TheirsMedian), figure.Unit, Screen.Count(figure.Dropped + figure.Lost),
    ];

    private static string Ratio(double ratio) => ratio.ToString(ratio < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
