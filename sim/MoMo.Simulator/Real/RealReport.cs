using MoMo.Simulator.Oracles;

namespace MoMo.Simulator.Real;

/// <summary>What came of a run on real processes.</summary>
/// <param name="Seed">What decided the plan.</param>
/// <param name="Length">How long faults and load lasted.</param>
/// <param name="Violations">The laws that were seen broken; none when all held.</param>
/// <param name="Done">The faults, with their times by the clock on the wall.</param>
/// <param name="Logs">Where what the processes said is kept; null when all laws held.</param>
/// <param name="Counts">What happened how often.</param>
internal sealed record RealReport(
    int Seed, TimeSpan Length, IReadOnlyList<Violation> Violations, IReadOnlyCollection<string> Done, string? Logs, RealCounts Counts);
