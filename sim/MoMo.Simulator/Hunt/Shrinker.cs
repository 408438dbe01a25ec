using MoMo.Simulator.World;

namespace MoMo.Simulator.Hunt;

/// <summary>Makes a failing history short: leaves out steps, by halves first, as long as the same law stays broken.</summary>
internal static class Shrinker
{
    /// <summary>Runs at most.</summary>
    public const int RunsMax = 400;

    /// <summary>Pieces of work at most, in all of them.</summary>
    private const long WorkMax = 60_000_000;

    /// <summary>The shortest failing run that was found; the given one when nothing can be left out.</summary>
    public static RunReport Shrink(RunReport failed, Defect defect)
    {
        var (runs, work) = (0, 0L);
        for (var size = Math.Max(1, failed.Plan.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var shorter = false;
            for (var from = 0; from < failed.Plan.Count && runs < RunsMax && work < WorkMax;)
            {
                IReadOnlyList<Step> less = [.. failed.Plan.Take(from), .. failed.Plan.Skip(from + size)];
                runs++;
                var report = Run.Of(failed.Seed, less, defect);
                work += report.Steps;
                if (report.Violation?.Oracle == failed.Violation!.Oracle) (failed, shorter) = (report, true);
                else from += size;
            }

            if (runs >= RunsMax || work >= WorkMax || (size == 1 && !shorter)) return failed;
        }
    }
}
