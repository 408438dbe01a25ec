using MoMo.Domain.Accounts;
using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;
using MoMo.Engine;

namespace MoMo.Domain.Turns;

/// <summary>The accounts of a turn: fenced in the store or as memory has them, awake in memory, advanced at the end.</summary>
internal sealed class TurnHeads(Activations actors, Ids ids)
{
    private readonly Dictionary<string, Head> heads = new(StringComparer.Ordinal);
    private readonly List<(string Account, long Last, Head Head)> remembered = [];

    /// <summary>Accounts of this turn.</summary>
    public IReadOnlyCollection<string> Accounts => heads.Keys;

    /// <summary>An account's head, or one that is missing.</summary>
    public Head this[string account] => heads[account];

    /// <summary>This turn asks something of an account.</summary>
    public void Want(string account) => heads.TryAdd(account, Head.Missing);

    public void Clear() => heads.Clear();

    /// <summary>Takes all of them from memory, for a turn that is to be decided from it.</summary>
    /// <returns>False, and nothing is taken, when memory does not know them all.</returns>
    public bool Remember()
    {
        remembered.Clear();
        foreach (var account in heads.Keys)
        {
            if (actors.Find(account) is not { LastNumber: >= 0 and var last } actor) return false;
            remembered.Add((account, last, new Head { Sequence = last, Version = actor.State.Version, Actor = actor }));
        }

        foreach (var (account, _, head) in remembered) heads[account] = head;
        return true;
    }

    /// <summary>What memory said of them, and what a turn that was decided from it made of them.</summary>
    public IReadOnlyList<MovedAccount> Moved() => remembered.ConvertAll(one => new MovedAccount(one.Account, one.Head.Version, one.Last, one.Head.Sequence));

    /// <summary>The turn is recorded: the next one may be decided from memory.</summary>
    public void Keep()
    {
        foreach (var head in heads.Values)
        {
            if (head.Actor is { } actor) actor.LastNumber = head.Sequence;
        }
    }

    /// <summary>The fence found these.</summary>
    public void Fenced(IReadOnlyList<FencedAccount> found)
    {
        foreach (var one in found) heads[one.Id] = new Head { Sequence = one.Sequence, Version = one.Version };
    }

    /// <summary>Wakes the actors: from memory when they are as of the version that was fenced, else from the store.</summary>
    public async Task LoadActorsAsync(ITurnTransaction transaction, CancellationToken cancellation)
    {
        List<string> missing = [];
        foreach (var (account, head) in heads)
        {
            if (head.IsMissing) continue;
            head.Actor = actors.Find(account, head.Version);
            if (head.Actor is null) missing.Add(account);
        }

        if (missing.Count == 0) return;
        foreach (var account in await transaction.LoadAccountsAsync(missing, cancellation))
        {
            var actor = new AccountActor(account);
            actors.Keep(actor);
            heads[account.Id].Actor = actor;
        }
    }

    /// <summary>An account took a payment: its number is given out, and its deliveries are due.</summary>
    public void Advance(Head head, AccountActor actor, Payment payment, TurnFacts facts)
    {
        head.Sequence++;
        head.Advanced = true;
        actor.Announce(payment, ids, facts.At, facts.Deliveries, facts.WokenLanes);
    }

    /// <summary>An account took a reversal of its payment.</summary>
    public void Advance(Head head, AccountActor actor, Reversal reversal, Payment payment, TurnFacts facts)
    {
        head.Sequence++;
        head.Advanced = true;
        actor.Announce(reversal, payment, ids, facts.At, facts.Deliveries, facts.WokenLanes);
    }

    /// <summary>Which accounts gave out numbers, and the last of each.</summary>
    public void Add(TurnFacts facts)
    {
        foreach (var (account, head) in heads)
        {
            if (head.Advanced) facts.Advanced.Add((account, head.Sequence));
        }
    }
}
