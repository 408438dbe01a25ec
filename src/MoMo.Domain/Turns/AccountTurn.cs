using System.Collections.Concurrent;
using MoMo.Domain.Accounts;
using MoMo.Engine;

namespace MoMo.Domain.Turns;

/// <summary>
/// A turn of accounts: one transaction claims the keys of all payments, fences the accounts, lets each decide, and records payments, deliveries
/// and proofs. One round trip for a turn that memory was right about, two for another small one, six for a large one, and one
/// commit, however many payments.
/// </summary>
public sealed class AccountTurn : ITurn<AccountCommand>, IAsyncDisposable
{
    private readonly Func<ITurnTransaction> open;
    private readonly Activations actors;
    private readonly Ids ids;
    private readonly TimeProvider clock;
    private readonly Action<IReadOnlyCollection<long>> due;
    private readonly ConcurrentStack<AccountTurnWork> idle = [];

    /// <summary>Turns on one store.</summary>
    /// <param name="open">Makes a way to the store that is used for one turn at a time, and kept for the next.</param>
    /// <param name="ids">Makes delivery ids.</param>
    /// <param name="clock">When deliveries become due.</param>
    /// <param name="due">Told, after the commit, which lanes have something new.</param>
    public AccountTurn(Func<ITurnTransaction> open, Ids ids, TimeProvider clock, Action<IReadOnlyCollection<long>> due)
    {
        (this.open, this.ids, this.clock, this.due) = (open, ids, clock, due);
        actors = new Activations();
    }

    /// <inheritdoc/>
    public async Task RunAsync(IReadOnlyList<AccountCommand> commands, TurnPlace place, CancellationToken cancellation)
    {
        // The last one used comes first: its connection, and what the server keeps for it, are warm.
        if (!idle.TryPop(out var work)) work = new AccountTurnWork(open(), actors, ids, clock);
        try
        {
            await work.RunAsync(commands, place, cancellation);
            if (work.WokenLanes.Count > 0) due([.. work.WokenLanes]);
            work.Clear();
            idle.Push(work);
        }
        catch (Exception e)
        {
            var meaning = work.Explain(e);
            await work.DisposeAsync();
            throw meaning;
        }
    }

    /// <summary>Closes the connections that turns keep.</summary>
    public async ValueTask DisposeAsync()
    {
        while (idle.TryPop(out var work)) await work.DisposeAsync();
    }
}
