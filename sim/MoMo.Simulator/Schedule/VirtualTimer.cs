namespace MoMo.Simulator.Schedule;

/// <summary>A timer on the loop's clock; its callback runs inside its process.</summary>
internal sealed class VirtualTimer(Loop loop, Process process, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan period = Timeout.InfiniteTimeSpan;
    private int setting;
    private bool disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (disposed) return false;
        this.period = period;
        setting++;
        if (dueTime != Timeout.InfiniteTimeSpan) loop.Set(this, setting, dueTime);
        return true;
    }

    public bool IsSet(int which) => !disposed && which == setting && !process.IsDead;

    public void Fire()
    {
        if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero) loop.Set(this, setting, period);
        process.Post(() => callback(state));
    }

    public void Dispose() => disposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
