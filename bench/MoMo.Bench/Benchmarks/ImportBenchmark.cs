using System.Globalization;
using MoMo.Bench.Hub;
using MoMo.Bench.Load;
using MoMo.Bench.Report;
using MoMo.Bench.Rows;
using MoMo.Client;

namespace MoMo.Bench.Benchmarks;

/// <summary>A large CSV statement through an adapter, against COPY of the rows that become of it; and what memory the silo needs for it.</summary>
internal sealed class ImportBenchmark : IBenchmark
{
    public string Name => "import";

    public string Summary => "a large CSV statement, against COPY of its rows; and the silo's memory meanwhile";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var rows = stage.Scale.ImportRows;
        var database = await stage.CreateDatabaseAsync(cancellation);
        await using var silo = await stage.StartSiloAsync(database, warm: true, cancellation);
        List<double> before = [], peak = [];
        var had = await database.CountAsync(cancellation);
        var sides = await Rounds.RunAsync(
            stage, database, "rows/s",
            [
                ("MoMo", () => ImportAsync(stage, silo, rows, before, peak, cancellation)),
                ("COPY", () => PlainTable.CopyAsync(stage, database, rows, cancellation)),
            ],
            cancellation);
        var (ours, theirs) = (sides[0], sides[1]);
        var lost = Math.Max(had + ours.Acknowledged() - await database.CountAsync(cancellation), 0);
        stage.Figures.Add(new Figure(
            Name, "CSV statement / COPY", "rows/s", ours.Rates(), theirs.Rates(), ours.Dropped(), lost,
            $"{Screen.Count(rows)} lines a file, read twice: whether it is whole, then for its payments."));
        stage.Figures.Add(new Figure(
            Name, "memory, peak / before", "MB", peak, before, 0, 0, "the silo's resident memory (VmHWM, reset before each file)"));
    }

    private static async Task<LoadResult> ImportAsync(
        Stage stage, SiloProcess silo, int rows, List<double> before, List<double> peak, CancellationToken cancellation)
    {
        var path = Path.Combine(stage.MakeFolder("import"), "statement.csv");
        await RowFile.WriteAsync(path, Payments.CsvHeader, Payments.Csv, stage.TakeNumbers(rows), rows, stage.Scale.Accounts, cancellation);
        silo.ForgetPeak();
        before.Add(silo.Megabytes().Now);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{silo.Address}"), Timeout = Timeout.InfiniteTimeSpan };
        var hub = new MoMoClient(http, new MoMoClientOptions { Key = silo.Key });
        await using var content = File.OpenRead(path);
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            var file = await hub.Files.SendAsync(Payments.Adapter, content, "statement.csv", null, cancellation);
            var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            peak.Add(silo.Megabytes().Peak);
            return new LoadResult
            {
                PerSecond = file.Accepted / seconds,
                Acknowledged = file.Accepted,
                Dropped = rows - file.Accepted,
                Note = string.Create(CultureInfo.InvariantCulture, $"memory {before[^1]:0} MB before, {peak[^1]:0} MB at most{Remark(file)}"),
            };
        }
        catch (MoMoException e)
        {
            throw new BenchException($"The import failed: {e.Message}", e);
        }
    }

    private static string Remark(Client.Wire.FileView file) =>
        file.Remarks.Count == 0 ? "" : $"; first of its remarks: {file.Remarks[0].Code}, {file.Remarks[0].Detail}";
}
