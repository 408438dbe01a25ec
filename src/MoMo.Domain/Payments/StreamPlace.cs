namespace MoMo.Domain.Payments;

/// <summary>
/// A payment's place in a stream (of lines, of a file's entries) whose sender can be slowed down. Lines are routed side by side, and enter the
/// journal one after another, so that an account numbers them in the order in which they came.
/// </summary>
public sealed class StreamPlace
{
    private readonly Task before;
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StreamPlace(Task before) => this.before = before;

    /// <summary>The place at the head of a stream.</summary>
    public static StreamPlace First() => new(Task.CompletedTask);

    /// <summary>The place behind this one.</summary>
    public StreamPlace Next() => new(entered.Task);

    /// <summary>Ends when everything before has entered.</summary>
    public Task Before => before;

    /// <summary>This payment has entered, or never will: those behind it wait no longer for it. May be called again.</summary>
    public void Leave()
    {
        if (before.IsCompleted) entered.TrySetResult();
        else _ = LeaveInTurnAsync();
    }

    /// <summary>Who leaves the queue early still keeps the order of those before and behind.</summary>
    private async Task LeaveInTurnAsync()
    {
        await before;
        entered.TrySetResult();
    }
}
