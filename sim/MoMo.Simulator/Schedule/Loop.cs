namespace MoMo.Simulator.Schedule;

/// <summary>
/// The only thread of a simulation: runs what is ready in an order that chance decides, and moves the clock on when nothing is. Everything that
/// happens is a function of the seed.
/// </summary>
internal sealed class Loop(Random chance)
{
    /// <summary>Pieces of work in one run at most: a run that needs more goes round in circles.</summary>
    public const long StepsMax = 3_000_000;

    private static readonly DateTimeOffset Epoch = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly List<(Process Process, Task Task)> ready = [];
    private readonly PriorityQueue<(VirtualTimer Timer, int Setting), (long At, long Order)> timers = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long order;
    private bool stopped;

    /// <summary>Virtual time since the begin.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>The true time of day, which the silos' clocks may miss.</summary>
    public DateTimeOffset Time => Epoch + Now;

    /// <summary>Pieces of work done, each between two awaits.</summary>
    public long Steps { get; private set; }

    /// <summary>A number that depends on everything that was run so far: two runs with the same one did the same.</summary>
    public ulong Trace { get; private set; } = 14695981039346656037;

    /// <summary>Work that left the loop's thread: from then on the run can't be repeated.</summary>
    public string? Escaped { get; private set; }

    /// <summary>Ends <see cref="Run"/> after the piece of work that is running.</summary>
    public void Stop() => stopped = true;

    /// <summary>Runs until told to stop, or until nothing happens before a time.</summary>
    /// <returns>Whether it was told to stop before its time and its work were over.</returns>
    public bool Run(TimeSpan until)
    {
        stopped = false;
        // A context of the caller's (a test runner's) would take what is awaited to threads of its own.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (!stopped && Escaped is null && Steps < StepsMax)
            {
                if (ready.Count > 0) RunOne();
                else if (!FireNext(until)) return false;
            }

            return stopped;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Add(Process process, Task task)
    {
        if (!IsOurs()) return;
        ready.Add((process, task));
    }

    /// <summary>Takes a process's work out of the loop: it is paused or dead.</summary>
    public List<Task> Remove(Process process)
    {
        List<Task> taken = [.. ready.Where(one => one.Process == process).Select(one => one.Task)];
        ready.RemoveAll(one => one.Process == process);
        return taken;
    }

    public void Set(VirtualTimer timer, int setting, TimeSpan due)
    {
        if (!IsOurs()) return;
        timers.Enqueue((timer, setting), ((Now + due).Ticks, order++));
    }

    private bool IsOurs()
    {
        if (Environment.CurrentManagedThreadId == thread) return true;
        Escaped ??= Environment.StackTrace;
        return false;
    }

    private void RunOne()
    {
        var place = ready.Count == 1 ? 0 : chance.Next(ready.Count);
        var (process, task) = ready[place];
        ready[place] = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        Steps++;
        Mix((ulong)process.Number + ((ulong)place << 8));
        process.Execute(task);
    }

    private bool FireNext(TimeSpan until)
    {
        if (!timers.TryPeek(out var next, out var key) || key.At > until.Ticks)
        {
            if (until > Now && until < TimeSpan.MaxValue) Now = until;
            return false;
        }

        timers.Dequeue();
        if (!next.Timer.IsSet(next.Setting)) return true;
        if (key.At > Now.Ticks) Now = new TimeSpan(key.At);
        Mix((ulong)Now.Ticks);
        next.Timer.Fire();
        return true;
    }

    private void Mix(ulong value) => Trace = unchecked((Trace ^ value) * 1099511628211);
}
