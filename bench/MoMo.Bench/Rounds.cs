using MoMo.Bench.Load;

namespace MoMo.Bench;

/// <summary>Measures several sides in turn, round after round, so that whatever changes meanwhile touches all of them alike.</summary>
internal static class Rounds
{
    /// <summary>Runs every side in every round.</summary>
    /// <param name="stage">The run.</param>
    /// <param name="database">Settled before each side; null when there is none.</param>
    /// <param name="unit">Of the rates, for progress.</param>
    /// <param name="sides">Their names, and how each is measured.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>For each side its results by round.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<LoadResult>>> RunAsync(
        Stage stage, Hub.HubDatabase? database, string unit, (string Name, Func<Task<LoadResult>> Measure)[] sides, CancellationToken cancellation)
    {
        var results = sides.Select(_ => new List<LoadResult>()).ToArray();
        for (var round = 1; round <= stage.Scale.Rounds; round++)
        {
            for (var side = 0; side < sides.Length; side++)
            {
                var (name, measure) = sides[side];
                stage.Screen.Now($"round {round} of {stage.Scale.Rounds}: {name}");
                if (database is not null) await database.SettleAsync(cancellation);
                var result = await measure();
                results[side].Add(result);
                var latency = result.Latency.Count > 0 ? $"; {result.Latency}" : "";
                var note = result.Note.Length > 0 ? $"; {result.Note}" : "";
                stage.Screen.Say($"round {round}, {name}: {Screen.Count(result.PerSecond)} {unit}{latency}{note}");
            }
        }

        return results;
    }

    public static IReadOnlyList<double> Rates(this IReadOnlyList<LoadResult> results) => [.. results.Select(result => result.PerSecond)];

    public static IReadOnlyList<double> Milliseconds(this IReadOnlyList<LoadResult> results, double share) =>
        [.. results.Select(result => result.Latency.Milliseconds(share))];

    public static long Dropped(this IReadOnlyList<LoadResult> results) => results.Sum(result => result.Dropped);

    public static long Acknowledged(this IReadOnlyList<LoadResult> results) => results.Sum(result => result.Acknowledged);
}
