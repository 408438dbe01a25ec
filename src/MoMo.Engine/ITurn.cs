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
    Task RunAsync(IReadOnlyList<TCommand> commands, CancellationToken cancellation);
}
