using System.Collections.Concurrent;
using MoMo.Domain.Accounts;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>
/// A turn of accounts: one transaction claims the keys of all payments, fences the accounts, lets each decide, and records payments, deliveries
/// and proofs. Two round trips and one commit for a small turn, six for a large one, however many payments.
/// </summary>
public sealed class AccountTurn : ITurn<AccountCommand>, IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly Activations actors;
    private readonly Ids ids;
    private readonly TimeProvider clock;
    private readonly Action<IReadOnlyCollection<long>> due;
    private readonly ConcurrentStack<AccountTurnWork> idle = [];

    /// <summary>Turns on one database.</summary>
    /// <param name="database">Connects as the runtime role.</param>
    /// <param name="ids">Makes delivery ids.</param>
    /// <param name="clock">When deliveries become due.</param>
    /// <param name="due">Told, after the commit, which lanes have something new.</param>
    public AccountTurn(NpgsqlDataSource database, Ids ids, TimeProvider clock, Action<IReadOnlyCollection<long>> due)
    {
        (this.database, this.ids, this.clock, this.due) = (database, ids, clock, due);
        actors = new Activations();
    }

    /// <inheritdoc/>
    public async Task RunAsync(IReadOnlyList<AccountCommand> commands, TurnPlace place, CancellationToken cancellation)
    {
        // The last one used comes first: its connection, and what the server keeps for it, are warm.
        if (!idle.TryPop(out var work)) work = new AccountTurnWork(database, actors, ids, clock);
        try
        {
            await work.RunAsync(commands, place, cancellation);
            if (work.WokenLanes.Count > 0) due([.. work.WokenLanes]);
            work.Clear();
            idle.Push(work);
        }
        catch (Exception e)
        {
            await work.DisposeAsync();
            throw Explain(e, work.Committing);
        }
    }

    /// <summary>Closes the connections that turns keep.</summary>
    public async ValueTask DisposeAsync()
    {
        while (idle.TryPop(out var work)) await work.DisposeAsync();
    }

    private static Exception Explain(Exception fault, bool committing) => fault switch
    {
        // A unique violation is another silo's assignment or message that came between our look and our write.
        PostgresException
        {
            SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.UniqueViolation
        } => new TurnLostException("Another turn was first.", fault),
        PostgresException { SqlState: ['2', '2' or '3', ..] } refused =>
            new TurnPoisonedException($"The database refuses the data of a command: {refused.MessageText}", fault),
        // The connection was cut before anything was committed: the same turn again, on another one. When that can't be had, callers are told.
        NpgsqlException { InnerException: IOException } or PostgresException { SqlState: ['5', '7', 'P', ..] } when !committing =>
            new TurnLostException("The connection was cut.", fault),
        // The database or the way to it: nobody's data is to blame, and asking again is all there is to do.
        NpgsqlException or TimeoutException or IOException or OperationCanceledException or System.Net.Sockets.SocketException => fault,
        // A fault of ours that one command's data brought out must not fail the others.
        _ => new TurnPoisonedException($"A command can't be decided: {fault.Message}", fault),
    };
}
