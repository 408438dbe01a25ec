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
    public static Task Start(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();
}
