using System.Globalization;

namespace MoMo.Simulator.World;

/// <summary>Something that happens to the hub. Its own chance depends on the seed and its number only, so leaving out others leaves it as it is.</summary>
/// <param name="Number">Its place in the whole plan.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Whom">Which silo, account or the like; what it picks depends on the kind.</param>
/// <param name="For">How long it lasts.</param>
internal sealed record Step(int Number, TimeSpan At, StepKind Kind, int Whom, TimeSpan For)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"#{Number,-4} {At:hh\\:mm\\:ss\\.fff}  {Kind,-9} {Whom,2}  for {For.TotalSeconds:0.###} s");
}
