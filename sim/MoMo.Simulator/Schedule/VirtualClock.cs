namespace MoMo.Simulator.Schedule;

/// <summary>A process's clock: its time of day may be wrong and may jump, its stopwatch and timers may not.</summary>
internal sealed class VirtualClock(Loop loop, Process process) : TimeProvider
{
    /// <summary>How much its time of day is ahead of the true one.</summary>
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => loop.Time + Ahead;

    public override long GetTimestamp() => loop.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(loop, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
