using MoMo.Simulator.Oracles;
using MoMo.Simulator.World;

namespace MoMo.Simulator.Hunt;

/// <summary>What came of a run.</summary>
/// <param name="Seed">What decided everything.</param>
/// <param name="Plan">What happened.</param>
/// <param name="Violation">The first law that was broken; null when all held.</param>
/// <param name="Virtual">How long it was for those inside.</param>
/// <param name="Steps">Pieces of work, each between two awaits.</param>
/// <param name="Trace">The same for two runs that did the same.</param>
/// <param name="Payments">Payments recorded.</param>
/// <param name="Arrivals">Payments that accounts' servers got, repeats too.</param>
internal sealed record RunReport(
    int Seed, IReadOnlyList<Step> Plan, Violation? Violation, TimeSpan Virtual, long Steps, ulong Trace, int Payments, int Arrivals);
