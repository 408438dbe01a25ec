namespace MoMo.Engine;

/// <summary>
/// A turn's place in its journal's order. A turn may prepare (claim what needs no actor) once the one before has prepared, and fence actors once
/// the one before has ended. Preparing in order matters between lines and silos too: whoever waits for another's claims while preparing holds up nobody
/// who has claimed already, so no two wait for each other in a ring that the database could not see. Only a turn that has to begin again prepares while
/// the one behind it holds claims: so whoever holds claims and waits for long gives them up.
/// </summary>
public sealed class TurnPlace
{
    private readonly TaskCompletionSource prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TurnPlace(Task beforePrepared, Task beforeEnded) => (BeforePrepared, BeforeEnded) = (beforePrepared, beforeEnded);

    /// <summary>The place before the first turn of an order: it has ended already.</summary>
    public static TurnPlace First()
    {
        var first = new TurnPlace(Task.CompletedTask, Task.CompletedTask);
        first.Ended();
        return first;
    }

    /// <summary>Ends when the turn before has prepared.</summary>
    public Task BeforePrepared { get; }

    /// <summary>Ends when the turn before has ended.</summary>
    public Task BeforeEnded { get; }

    /// <summary>Ends when this turn has ended.</summary>
    public Task HasEnded => ended.Task;

    /// <summary>The place after this one.</summary>
    public TurnPlace Next() => new(prepared.Task, ended.Task);

    /// <summary>This turn has prepared: the next may.</summary>
    public void Prepared() => prepared.TrySetResult();

    /// <summary>This turn has ended, one way or another.</summary>
    public void Ended()
    {
        ended.TrySetResult(); // first: whoever wakes because this one has prepared sees that nothing is in flight before it
        prepared.TrySetResult();
    }
}
