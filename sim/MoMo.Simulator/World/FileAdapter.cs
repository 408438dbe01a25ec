using MoMo.Domain.Adapters;
using MoMo.Simulator.Hunt;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>
/// An adapter outside the hub that reads files, a process of its own: some lines under way, an answer for each, and a mark behind those that have one.
/// It may stand still in the middle and go on, or die and begin again at its mark. It never gives up.
/// </summary>
internal sealed class FileAdapter
{
    private const int Window = 4;
    private static readonly AdapterSignal Alive = new(null, null, AdapterSignal.LeaseDefault);

    private readonly HubWorld world;
    private readonly Loop loop;
    private readonly Defect defect;
    private readonly List<FileReading> disk = [];
    private readonly int number;
    private Process process;
    private bool isSilent;
    private int stalls;

    public FileAdapter(HubWorld world, Loop loop, int number, Defect defect)
    {
        (this.world, this.loop, this.number, this.defect) = (world, loop, number, defect);
        world.Store.Tables.Adapters[Id] = new AdapterLiveness("new", null, null, null, null);
        process = NewLife(new Random(number));
    }

    /// <summary>The adapter's id.</summary>
    public string Id => $"f{number}";

    /// <summary>Files that are not read to their end.</summary>
    public int Open => disk.Count(one => !one.IsRead);

    /// <summary>A file appears.</summary>
    public void Give(FileReading file, Random chance)
    {
        world.Judge.Files.Appeared(file);
        disk.Add(file);
        Begin(file, chance);
    }

    /// <summary>Stands still: nothing of it runs, and the world goes on.</summary>
    /// <returns>Which stall it is.</returns>
    public int Pause()
    {
        process.Pause();
        return ++stalls;
    }

    /// <summary>Goes on where it stood, unless it stands still for something later by now.</summary>
    public void Resume(int stall)
    {
        if (stall == stalls) process.Resume();
    }

    /// <summary>Goes on where it stood, whatever it stood still for.</summary>
    public void Resume() => Resume(++stalls);

    /// <summary>Dies: what was under way is forgotten.</summary>
    public void Kill() => process.Kill();

    /// <summary>Begins again at its marks, if it is dead.</summary>
    public void Restart(Random chance)
    {
        if (!process.IsDead) return;
        process = NewLife(chance);
        foreach (var file in disk.Where(one => !one.IsRead)) Begin(file, chance);
    }

    /// <summary>Says no more that it lives: the run is about to end.</summary>
    public void FallSilent() => isSilent = true;

    private Process NewLife(Random chance)
    {
        var life = new Process(loop, Id, 200 + number);
        var (clock, mine) = (new VirtualClock(loop, life), new Random(chance.Next()));
        life.Start(BeatAsync);
        return life;

        async Task BeatAsync()
        {
            var call = new HubCall(world, clock);
            // The first is repeated until it is heard; of the others the next will do.
            for (var starts = true; !isSilent; starts = false)
            {
                var first = starts;
                await call.AskAsync(silo => silo.BeatAsync(Id, Alive, first), _ => { }, Id, givesUp: !first, mine);
                await Task.Delay(Alive.Lease / 3, clock);
            }
        }
    }

    private void Begin(FileReading file, Random chance)
    {
        var (next, clock, mine) = (file.Mark, new VirtualClock(loop, process), new Random(chance.Next()));
        var acknowledged = new bool[file.Lines.Count];
        var call = new HubCall(world, clock);
        for (var one = 0; one < Window; one++) process.Start(RunAsync);

        async Task RunAsync()
        {
            while (next < file.Lines.Count)
            {
                var place = next++;
                if (defect == Defect.MarkBeforeAnswer) Acknowledge(place);
                await Task.Delay(file.Pace, clock);
                var line = file.Lines[place];
                await call.AskAsync(
                    silo => silo.TakeAsync(line, patient: true), outcome => world.Judge.Answered(line, outcome), line.PspReference, givesUp: false, mine);
                Acknowledge(place);
            }
        }

        void Acknowledge(int place)
        {
            acknowledged[place] = true;
            while (!file.IsRead && acknowledged[file.Mark]) file.Mark++;
            world.Judge.Files.Marked(file);
        }
    }
}
