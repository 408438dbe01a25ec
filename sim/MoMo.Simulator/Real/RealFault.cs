using System.Globalization;

namespace MoMo.Simulator.Real;

/// <summary>Something that is done to the hub.</summary>
/// <param name="Number">Its place in the plan.</param>
/// <param name="At">When, since the load began.</param>
/// <param name="Kind">What.</param>
/// <param name="Whom">Which silo or account; from 0 to 99.</param>
/// <param name="For">How long it lasts; zero for what is over at once.</param>
internal sealed record RealFault(int Number, TimeSpan At, RealFaultKind Kind, int Whom, TimeSpan For)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"#{Number,-4} {At:mm\\:ss\\.fff}  {Kind,-12} {Whom,2}  for {For.TotalSeconds:0.###} s");
}
