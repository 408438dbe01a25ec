using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Cli;

/// <summary>Counts what came of many payments, and shows the first that were refused.</summary>
internal sealed class Tally(Call call, int shownMax)
{
    private readonly List<BulkLine> refusals = [];
    private long accepted;
    private long refused;
    private long replayed;
    private long suspense;

    /// <param name="lines">What came of them, in their order: the hub's answers, and why some were not sent at all.</param>
    public void Add(IReadOnlyList<BulkLine> lines)
    {
        foreach (var line in lines) Add(line);
    }

    public int Finish()
    {
        if (!call.Json) Summarise();
        return refused == 0 ? ExitCode.Done : accepted + suspense + replayed > 0 ? ExitCode.Partly : ExitCode.Failed;
    }

    private void Add(BulkLine line)
    {
        if (line.Status >= 300) refused++;
        else if (line.Replayed) replayed++;
        else if (line.Outcome == "suspense") suspense++;
        else accepted++;

        if (call.Json) call.Terminal.Out.WriteLine(JsonSerializer.Serialize(line, MoMoJson.Default.BulkLine));
        else if (line.Status >= 300 && refusals.Count < shownMax) refusals.Add(line);
    }

    private void Summarise()
    {
        Table.Write<(string Outcome, long Count)>(
            call.Terminal,
            [new("outcome", row => row.Outcome), new("payments", row => Show.Count(row.Count), Right: true)],
            [("accepted", accepted), ("suspense", suspense), ("taken before", replayed), ("refused", refused)]);
        if (refusals.Count == 0) return;

        Table.Write<BulkLine>(
            call.Terminal,
            [
                new("line", line => Show.Count(line.Line), Right: true), new("status", line => Show.Count(line.Status), Right: true),
                new("code", line => line.Code), new("detail", Detail, Wraps: true),
            ],
            refusals);
        if (refused > refusals.Count) call.Remark($"{refused - refusals.Count} more were refused: --json prints every line.");
    }

    /// <summary>Why not; of several faulty fields each.</summary>
    private static string? Detail(BulkLine line) =>
        line.Errors is { Count: > 1 } errors ? string.Join(' ', errors.Values.SelectMany(details => details)) : line.Detail;
}
