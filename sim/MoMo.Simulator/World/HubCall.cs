using MoMo.Engine;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>How those outside ask the hub: a silo that answers, again after a while when none does or it does not know, until they know or give up.</summary>
internal sealed class HubCall(HubWorld world, VirtualClock clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="ask">What is asked of a silo.</param>
    /// <param name="answered">Told of the answer.</param>
    /// <param name="reference">What it is about.</param>
    /// <param name="givesUp">Asks once only.</param>
    /// <param name="chance">Of the one who asks.</param>
    public async Task AskAsync<T>(
        Func<SimulatedSilo, Task<Outcome<T>>> ask, Action<Outcome<T>> answered, string reference, bool givesUp, Random chance) where T : class
    {
        for (var silo = world.Pick(chance); ; silo = world.Pick(chance))
        {
            if (silo is not null && await OnceAsync(silo, ask, reference) is { } outcome)
            {
                answered(outcome);
                return;
            }

            if (givesUp) return;
            await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(200, 5_000)), clock);
        }
    }

    /// <summary>Asks a silo; null when it does not know, or does not answer in time.</summary>
    private async Task<Outcome<T>?> OnceAsync<T>(SimulatedSilo silo, Func<SimulatedSilo, Task<Outcome<T>>> ask, string reference) where T : class
    {
        try
        {
            var answer = ask(silo);
            return await Work.EndsWithinAsync(answer, Patience, clock) ? await answer : null;
        }
        catch (Exception e) when (e is HubBusyException or Model.ModelFault)
        {
            return null;
        }
        catch (Exception e)
        {
            world.Judge.Accuse("no fault of our own", $"{reference}: {e}");
            return null;
        }
    }
}
