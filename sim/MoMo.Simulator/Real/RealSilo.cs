namespace MoMo.Simulator.Real;

/// <summary>A silo of the world: its process, and its net to PostgreSQL.</summary>
internal sealed class RealSilo(int number, SiloProgram program, Proxy proxy, RealJudge judge) : IAsyncDisposable
{
    /// <summary>A start that takes longer, with nothing in its way, is a fault.</summary>
    public static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim hands = new(1);
    private volatile Uri? url;
    private volatile bool isLeft; // its end is ours to answer for
    private volatile bool isOver; // it is not started any more

    /// <summary>Which, from 0.</summary>
    public int Number => number;

    /// <summary>Its net to PostgreSQL.</summary>
    public Proxy Proxy => proxy;

    /// <summary>Where it listens; null while it is not there.</summary>
    public Uri? Url => url;

    /// <summary>What it said.</summary>
    public string Log => program.Log;

    /// <summary>Whether it is frozen.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Starts that ended without a silo, as they may while PostgreSQL is away.</summary>
    public int FailedStarts { get; private set; }

    /// <summary>Does something with the process, unless something is being done with it already.</summary>
    /// <returns>Whether it was done.</returns>
    public async Task<bool> TryAsync(Func<Task> act)
    {
        if (!await hands.WaitAsync(TimeSpan.Zero)) return false;
        try
        {
            await act();
            return true;
        }
        finally
        {
            hands.Release();
        }
    }

    /// <summary>Starts it until it is there, or until told to stop.</summary>
    public async Task StartAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && !isOver)
        {
            isLeft = false;
            var ready = program.Begin();
            var exited = program.WaitAsync(CancellationToken.None);
            await Task.WhenAny(ready, exited, Task.Delay(StartMax, stopping));
            if (ready.IsCompletedSuccessfully)
            {
                url = await ready;
                _ = WatchAsync(exited);
                return;
            }

            if (stopping.IsCancellationRequested)
            {
                await KillAsync();
                return;
            }

            FailedStarts++;
            if (!exited.IsCompleted)
            {
                judge.Accuse("a silo starts", $"Silo {number} was not ready {StartMax.TotalSeconds} s after its start. It said:\n{Tail()}");
                return;
            }

            await Task.Delay(Again, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Kills it.</summary>
    public async Task KillAsync()
    {
        (isLeft, url) = (true, null);
        if (program.IsAlive) await program.KillAsync();
        IsFrozen = false;
    }

    /// <summary>Kills it at once and for good: the simulator itself was asked to stop, and has no time.</summary>
    public void End()
    {
        (isOver, isLeft, url) = (true, true, null);
        program.Kill();
    }

    /// <summary>Freezes it, or lets it go on.</summary>
    public async Task FreezeAsync(bool frozen)
    {
        if (!program.IsAlive) return;
        IsFrozen = frozen;
        await SiloProgram.SignalAsync(program.Pid, frozen ? "STOP" : "CONT");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await proxy.DisposeAsync();
        program.Dispose();
        hands.Dispose();
    }

    private async Task WatchAsync(Task exited)
    {
        await exited;
        if (isLeft) return;
        url = null;
        // We only kill; in order it stops when a part of it gives up, which it says, or when somebody outside asks it to.
        var how = program.ExitCode == 0 ? " in order, as if asked to stop" : "";
        judge.Accuse("a silo does not die by itself", $"Silo {number} ended with {program.ExitCode}{how}. It said:\n{Tail()}");
    }

    private string Tail() => Log is { Length: > 3_000 } log ? log[^3_000..] : Log;
}
