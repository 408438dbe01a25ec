using System.Threading.Tasks.Sources;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// What the work on a lane waits for: anybody may give it, one waits. Given while nobody waits it is kept, so whoever takes it back, then looks, and
/// then waits misses nothing. Has one timer and makes nothing new for a wait: a busy lane waits about as often as it delivers.
/// </summary>
internal sealed class LaneSignal(TimeProvider clock) : IValueTaskSource<bool>, IDisposable
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> wait = new() { RunContinuationsAsynchronously = true };
    private ITimer? timer;
    private bool given;
    private bool waits;

    /// <summary>Ends the wait, or the next one.</summary>
    public void Give()
    {
        lock (gate)
        {
            given = true;
            if (!waits) return;
            waits = false;
        }

        wait.SetResult(true);
    }

    /// <summary>Takes back what was given until now: what it told of is looked at after this.</summary>
    public void TakeBack()
    {
        lock (gate) given = false;
    }

    /// <summary>Waits until it is given; at once if it was and was not taken back. One at a time may.</summary>
    /// <param name="longest">The longest wait, more than zero; null for as long as it takes.</param>
    /// <returns>Whether it was given; false when the time was over. In rare cases that comes early.</returns>
    public ValueTask<bool> WaitAsync(TimeSpan? longest = null)
    {
        lock (gate)
        {
            if (given) return ValueTask.FromResult(true);
            wait.Reset();
            waits = true;
        }

        if (longest is not { } time) return new ValueTask<bool>(this, wait.Version);
        timer ??= clock.CreateTimer(static signal => ((LaneSignal)signal!).TimeOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // A timer cuts to whole milliseconds: who waits for a moment would wake before it, and again and again until it has come.
        timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return new ValueTask<bool>(this, wait.Version);
    }

    public void Dispose() => timer?.Dispose();

    bool IValueTaskSource<bool>.GetResult(short token) => wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        wait.OnCompleted(continuation, state, token, flags);

    /// <summary>Of a wait that has ended otherwise nobody hears; each wait sets the timer after it has begun.</summary>
    private void TimeOver()
    {
        lock (gate)
        {
            if (!waits) return;
            waits = false;
        }

        wait.SetResult(false);
    }
}
