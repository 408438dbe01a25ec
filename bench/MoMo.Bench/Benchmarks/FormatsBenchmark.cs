using System.Globalization;
using MoMo.Bench.Files;
using MoMo.Bench.Load;
using MoMo.Bench.Report;

namespace MoMo.Bench.Benchmarks;

/// <summary>Large statement files read by each format, against a plain count of the same file's lines or XML nodes; and the memory of it.</summary>
internal sealed class FormatsBenchmark : IBenchmark
{
    public string Name => "formats";

    public string Summary => "large statement files by format, against a count of their lines or nodes; and the memory";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var folder = stage.MakeFolder("formats");
        foreach (var sample in StatementSample.All)
        {
            var name = sample.Format.Name;
            var path = Path.Combine(folder, name);
            stage.Screen.Now($"Writing {stage.Scale.FileMegabytes} MB of {name}");
            var rows = await sample.WriteAsync(path, stage.Scale.FileMegabytes, cancellation);
            var counted = sample.IsXml ? "nodes" : "lines";
            List<double> ours = [], plain = [];
            var sides = await Rounds.RunAsync(
                stage, null, "MB/s", [(name, () => ReadAsync(path, name, rows, ours, cancellation)), (counted, () => ReadAsync(path, counted, 0, plain, cancellation))],
                cancellation);
            stage.Figures.Add(new Figure(
                Name, $"{name} / {counted}", "MB/s", sides[0].Rates(), sides[1].Rates(), sides[0].Dropped(), 0,
                $"{Screen.Count(rows)} payments in {stage.Scale.FileMegabytes} MB; each reading in a process of its own"));
            stage.Figures.Add(new Figure(Name, $"{name}, memory / {counted}", "MB", ours, plain, 0, 0, "peak of the process (VmHWM), the runtime included"));
            File.Delete(path);
        }
    }

    private static async Task<LoadResult> ReadAsync(string path, string how, int rows, List<double> peak, CancellationToken cancellation)
    {
        var reading = await FileReading.StartAsync(path, how, cancellation);
        peak.Add(reading.PeakMegabytes);
        return new LoadResult
        {
            PerSecond = new FileInfo(path).Length / 1e6 / reading.Seconds,
            Dropped = rows == 0 ? 0 : rows - reading.Found,
            Note = string.Create(CultureInfo.InvariantCulture, $"{reading.Found:#,0} found, memory {reading.PeakMegabytes:0} MB at most"),
        };
    }
}
