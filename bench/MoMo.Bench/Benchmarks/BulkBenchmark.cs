using System.Globalization;
using MoMo.Bench.Hub;
using MoMo.Bench.Load;
using MoMo.Bench.Report;
using MoMo.Bench.Rows;

namespace MoMo.Bench.Benchmarks;

/// <summary>Streams of payments against COPY of the same rows.</summary>
internal sealed class BulkBenchmark : IBenchmark
{
    public string Name => "bulk";

    public string Summary => "NDJSON streams, one and two, against COPY of the same rows by the server itself";

    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        var rows = stage.Scale.BulkRows;
        var database = await stage.CreateDatabaseAsync(cancellation);
        await using var silo = await stage.StartSiloAsync(database, warm: true, cancellation);
        await StreamAsync(stage, silo, 2, rows, cancellation); // its code is compiled, too

        var outOfOrder = 0L;
        async Task<LoadResult> OneAsync()
        {
            var first = stage.TakeNumbers(0);
            var result = await StreamAsync(stage, silo, 1, rows, cancellation);
            outOfOrder += await OutOfOrderAsync(database, first, rows, cancellation);
            return result;
        }

        var before = await database.CountAsync(cancellation);
        var sides = await Rounds.RunAsync(
            stage, database, "rows/s",
            [
                ("one stream", OneAsync),
                ("COPY", () => PlainTable.CopyAsync(stage, database, rows, cancellation)),
                ("two streams", () => StreamAsync(stage, silo, 2, rows / 2, cancellation)),
            ],
            cancellation);
        var (one, copy, two) = (sides[0], sides[1], sides[2]);
        var lost = Math.Max(before + one.Acknowledged() + two.Acknowledged() - await database.CountAsync(cancellation), 0);
        stage.Figures.Add(new Figure(
            Name, "one stream / COPY", "rows/s", one.Rates(), copy.Rates(), one.Dropped(), lost,
            $"{Screen.Count(rows)} rows a round, {Screen.Count(outOfOrder)} numbered before an earlier line of their account. {one[^1].Note}"));
        stage.Figures.Add(new Figure(Name, "two streams / COPY", "rows/s", two.Rates(), copy.Rates(), two.Dropped(), 0, two[^1].Note));
    }

    /// <summary>Payments of a stream that got a smaller number than one of the same account further up in the stream.</summary>
    private static Task<long> OutOfOrderAsync(HubDatabase database, long first, int rows, CancellationToken cancellation) => database.AskAsync(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT count(*) FROM (
                SELECT psp_reference, lag(psp_reference) OVER (PARTITION BY account_id ORDER BY sequence) AS before FROM payments
                WHERE psp_reference BETWEEN 'R{first:00000000000000}' AND 'R{first + rows - 1:00000000000000}') p
            WHERE before > psp_reference
            """),
        cancellation);

    private static async Task<LoadResult> StreamAsync(Stage stage, SiloProcess silo, int streams, int rows, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        var results = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ =>
            new BulkLoad(silo.Address, silo.Key, stage.Scale.Accounts).RunAsync(stage.TakeNumbers(rows), rows, cancellation)));
        return new LoadResult
        {
            PerSecond = results.Sum(result => result.Acknowledged) / TimeProvider.System.GetElapsedTime(began).TotalSeconds,
            Acknowledged = results.Sum(result => result.Acknowledged),
            Dropped = results.Sum(result => result.Dropped),
            Note = string.Join(", ", results.Select(result => result.Note).Where(note => note.Length > 0)),
        };
    }
}
