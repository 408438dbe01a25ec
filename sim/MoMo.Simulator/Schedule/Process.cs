namespace MoMo.Simulator.Schedule;

/// <summary>
/// A process of the simulated world: all its work is queued here, so it can be paused (nothing of it runs, the world goes on) or killed between
/// any two awaits (nothing of it ever runs again).
/// </summary>
internal sealed class Process(Loop loop, string name, int number) : TaskScheduler
{
    private List<Task>? held;

    public string Name => name;

    public int Number => number;

    public bool IsDead { get; private set; }

    public bool IsPaused => held is not null;

    /// <summary>Starts work inside the process.</summary>
    public Task Start(Func<Task> work) =>
        Task.Factory.StartNew(async () => await work(), CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Starts work inside the process.</summary>
    public Task<T> Start<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(async () => await work(), CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Runs something inside the process.</summary>
    public void Post(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    public void Kill()
    {
        IsDead = true;
        held = null;
        loop.Remove(this);
    }

    public void Pause()
    {
        if (!IsDead) held ??= loop.Remove(this);
    }

    public void Resume()
    {
        var late = held ?? [];
        held = null;
        foreach (var task in late) loop.Add(this, task);
    }

    public void Execute(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task)
    {
        if (IsDead) return;
        if (held is not null) held.Add(task);
        else loop.Add(this, task);
    }

    /// <summary>Never: whatever is awaited goes through the queue, so that others may come between.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
