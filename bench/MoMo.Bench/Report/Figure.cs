namespace MoMo.Bench.Report;

/// <summary>A ratio of two things measured in the same run, by rounds.</summary>
/// <param name="Benchmark">Which benchmark.</param>
/// <param name="What">What was compared, such as <c>64 connections / pgbench -c 64</c>.</param>
/// <param name="Unit">Of both sides.</param>
/// <param name="Ours">By round.</param>
/// <param name="Theirs">By round.</param>
/// <param name="Dropped">What was asked and not done, in all rounds.</param>
/// <param name="Lost">Acknowledged and not found afterwards: must be 0.</param>
/// <param name="Note">What else is worth knowing.</param>
internal sealed record Figure(
    string Benchmark, string What, string Unit, IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs,
    long Dropped = 0, long Lost = 0, string? Note = null)
{
    /// <summary>Ours over theirs, by round.</summary>
    public IReadOnlyList<double> Ratios => [.. Ours.Zip(Theirs, (ours, theirs) => theirs == 0 ? 0 : ours / theirs)];

    public double Ratio => Median(Ratios);

    public double OursMedian => Median(Ours);

    public double TheirsMedian => Median(Theirs);

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
