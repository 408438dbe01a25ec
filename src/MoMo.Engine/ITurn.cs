namespace MoMo.Engine;

/// <summary>
/// One turn: actors are fenced, decide, and their facts are recorded, all in one transaction.
/// </summary>
/// <typeparam name="TCommand">What the actors are asked.</typeparam>
public interface ITurn<TCommand> where TCommand : Command
{
    /// <summary>
    /// Fences every actor that the commands are for (no other turn, of this silo or another, can decide for them until this one ends),
    /// lets each decide its commands in their order, records the facts and commits. After it returns, every command has its decision and all
    /// facts are durable; when it throws, none is known to be.
    /// </summary>
    /// <param name="commands">What is asked, in order.</param>
    /// <param name="place">The turn's place in the order: when it may prepare, and when it may fence.</param>
    /// <param name="cancellation">Ends the wait; whether the turn was committed is then unknown.</param>
    Task RunAsync(IReadOnlyList<TCommand> commands, TurnPlace place, CancellationToken cancellation);
}
