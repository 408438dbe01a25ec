using System.Collections.Concurrent;
using MoMo.Domain.Accounts;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>
/// A turn of accounts: one transaction claims the keys of all payments, fences the accounts, lets each decide, and records payments, deliveries
/// and proofs. Four round trips and one commit, however many payments.
/// </summary>
public sealed class AccountTurn : ITurn<AccountCommand>
{
    private readonly NpgsqlDataSource database;
    private readonly Activations actors;
    private readonly Ids ids;
    private readonly TimeProvider clock;
    private readonly Action<IReadOnlyCollection<long>> due;
    private readonly ConcurrentBag<AccountTurnWork> idle = [];

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
        if (!idle.TryTake(out var work)) work = new AccountTurnWork(actors, ids, clock);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await work.RunAsync(connection, commands, place, cancellation);
            if (work.WokenLanes.Count > 0) due([.. work.WokenLanes]);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UniqueViolation)
        {
            // A unique violation is another silo's assignment or message that came between our look and our write.
            throw new TurnLostException("Another turn was first.", e);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            throw new TurnPoisonedException($"The database refuses the data of a command: {e.MessageText}", e);
        }
        finally
        {
            work.Clear();
            idle.Add(work);
        }
    }
}
