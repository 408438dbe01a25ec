using MoMo.Simulator.Model;
using MoMo.Simulator.Oracles;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>The hub's silos: each has a place, and whoever dies there is followed by a new one.</summary>
internal sealed class Silos
{
    /// <summary>How many run at the same time.</summary>
    public const int Count = 3;

    /// <summary>How often the one that is left looks at the agenda unasked.</summary>
    public static readonly TimeSpan CalmPoll = TimeSpan.FromMinutes(1);

    private readonly SimulatedSilo[] silos = new SimulatedSilo[Count];
    private readonly SiloParts parts;
    private readonly VirtualClock clock;
    private readonly Process outside;
    private int lives;

    public Silos(SiloParts parts, VirtualClock clock, Process outside)
    {
        (this.parts, this.clock, this.outside) = (parts, clock, outside);
        for (var place = 0; place < Count; place++) Start(place);
    }

    /// <summary>How they are, for whoever asks why a run does not end.</summary>
    public string State => string.Join("; ", silos.Distinct().Select(one =>
        $"{one.Process.Name} {(one.Process.IsDead ? "dead" : one.Process.IsPaused ? "paused" : "alive")}, {one.Journal?.Waiting} wait after {one.Journal?.Turns} turns"));

    private Store Store => parts.Store;

    /// <summary>Who is at a place.</summary>
    public SimulatedSilo this[int place] => silos[place];

    /// <summary>One that answers; null when whoever was picked does not.</summary>
    public SimulatedSilo? Pick(Random chance)
    {
        var silo = silos[chance.Next(Count)];
        return silo.IsAway ? null : silo;
    }

    /// <summary>A new one, at the place of whoever was there.</summary>
    public void Start(int place) => silos[place] = new SimulatedSilo(parts, 10 + lives++);

    /// <summary>One dies.</summary>
    public void Kill(int place, Random chance)
    {
        var process = silos[place].Process;
        silos[place].Kill();
        // Mostly the system closes its connections at once; when the machine is gone, the server notices later.
        var later = TimeSpan.FromMilliseconds(chance.Next(5) == 0 ? chance.Next(15_000) : 1);
        outside.Start(async () =>
        {
            await Task.Delay(later, clock);
            Store.BreakAll(process);
        });
    }

    /// <summary>One that was asked to stop is followed by another.</summary>
    public void Restart(int place)
    {
        // What has not stopped by now is killed, as whoever runs it would.
        if (!silos[place].Process.IsDead) silos[place].Kill();
        Store.BreakAll(silos[place].Process);
        Start(place);
    }

    /// <summary>No queue holds more than it may.</summary>
    public void CheckQueues()
    {
        foreach (var silo in silos)
        {
            if (silo.Journal is { Waiting: > SimulatedSilo.WaitingMax } journal)
                parts.Judge.Accuse("law 9, everything has a limit", $"{journal.Waiting} commands wait in one silo; {SimulatedSilo.WaitingMax} may.");
        }
    }

    /// <summary>All go in one way or another, and one goes on for all. It looks at the agenda less often, which only makes a run shorter.</summary>
    public async Task LeaveOneAsync()
    {
        parts.Poll = CalmPoll;
        parts.Lease = TimeSpan.FromMinutes(10);
        for (var place = 0; place < Count; place++)
        {
            silos[place].Process.Resume();
            if (place > 0) silos[place].Stop();
        }

        await Task.Delay(TimeSpan.FromMinutes(1), clock);
        foreach (var silo in silos)
        {
            silo.Kill();
            Store.BreakAll(silo.Process);
        }

        Start(0);
        silos[1] = silos[2] = silos[0];
    }
}
