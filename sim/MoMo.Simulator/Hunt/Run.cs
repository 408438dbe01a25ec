using MoMo.Simulator.Oracles;
using MoMo.Simulator.Schedule;
using MoMo.Simulator.World;

namespace MoMo.Simulator.Hunt;

/// <summary>One run of a plan, from its begin until everything has settled.</summary>
internal static class Run
{
    /// <summary>Within this after the faults stop everything is settled: the longest wait of the schedule, shaken, and what a receiver may ask for.</summary>
    public static readonly TimeSpan SettleMax = TimeSpan.FromHours(60);

    /// <summary>Runs a plan. The same arguments always do the same.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="plan">What happens: all that the seed makes, or some of it.</param>
    /// <param name="defect">A planted defect.</param>
    public static RunReport Of(int seed, IReadOnlyList<Step> plan, Defect defect = Defect.None)
    {
        var chance = new Random(seed);
        var loop = new Loop(chance);
        var world = new HubWorld(loop, seed, chance, defect);
        var judge = world.Judge;
        var living = world.Outside.Start(async () =>
        {
            await world.LiveAsync(plan, SettleMax);
            judge.Close();
            loop.Stop();
        });
        if (!loop.Run(TimeSpan.FromDays(30))) judge.Accuse("everything settles", $"The run goes on for ever: {loop.Steps} pieces of work; {world.State}.");
        if (living.IsFaulted) judge.Accuse("no fault of our own", living.Exception!.ToString());
        if (loop.Escaped is { } where) judge.Accuse("every run can be repeated", $"Work left the simulated thread: {where}");
        return new RunReport(seed, plan, judge.Violation, loop.Now, loop.Steps, loop.Trace, judge.Payments, judge.Arrivals);
    }
}
