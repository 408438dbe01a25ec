namespace MoMo.Simulator.Real;

/// <summary>Something to pass, now and then shut.</summary>
internal sealed class Gate
{
    private static readonly Task Open = Task.CompletedTask;

    private readonly Lock gate = new();
    private TaskCompletionSource? shut;

    /// <summary>Ends as soon as the way is free.</summary>
    public Task PassAsync()
    {
        lock (gate) return shut?.Task ?? Open;
    }

    /// <summary>Shuts it, or opens it and lets all pass that wait.</summary>
    public void Set(bool open)
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            waiting = open ? shut : null;
            shut = open ? null : shut ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting?.TrySetResult();
    }
}
