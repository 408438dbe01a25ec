namespace MoMo.Engine;

/// <summary>
/// Starts work of its own. Unlike <see cref="Task.Run(Action)"/> it stays on the caller's scheduler (the thread pool, as a rule), so that whoever
/// brings a scheduler of his own (a simulation that decides who runs when) has all of it.
/// </summary>
public static class Work
{
    /// <summary>Starts it; the caller goes on at once.</summary>
    /// <param name="work">What is done.</param>
    /// <returns>Ends with the work.</returns>
    public static async Task Start(Func<Task> work) =>
        // Not Unwrap: WhenAll takes what it makes to the thread pool.
        await await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);

    /// <summary>Waits for something, but not for ever.</summary>
    /// <param name="awaited">What is waited for; its own fault is not looked at.</param>
    /// <param name="wait">The longest wait.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="cancellation">Ends the wait early, as if its time were over.</param>
    /// <returns>Whether it ended.</returns>
    public static async Task<bool> EndsWithinAsync(Task awaited, TimeSpan wait, TimeProvider clock, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(awaited);
        if (awaited.IsCompleted) return true;
        // A delay is cut to whole milliseconds: who waits for a moment would wake before it, and again and again until it has come.
        var whole = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Each through a task of its own: WhenAny takes what ends asynchronously, as cancelled delays do, to the thread pool, whatever the scheduler.
        var ended = SeeAsync(awaited);
        var first = await Task.WhenAny(ended, SeeAsync(Task.Delay(whole, clock, enough.Token)));
        enough.Cancel();
        return first == ended;

        static async Task SeeAsync(Task task) =>
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}
