using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>The accounts of a turn: fenced in the database, awake in memory, advanced at the end.</summary>
internal sealed class TurnHeads(Activations actors, Ids ids)
{
    private readonly Dictionary<string, Head> heads = new(StringComparer.Ordinal);

    /// <summary>Lanes that have something new, once committed.</summary>
    public HashSet<long> WokenLanes { get; } = [];

    /// <summary>Accounts of this turn.</summary>
    public int Count => heads.Count;

    /// <summary>An account's head, or one that is missing.</summary>
    public Head this[string account] => heads[account];

    /// <summary>This turn asks something of an account.</summary>
    public void Want(string account) => heads[account] = Head.Missing;

    public void Clear()
    {
        heads.Clear();
        WokenLanes.Clear();
    }

    /// <summary>Locks the accounts' heads: from here to the commit nobody else, in this silo or another, decides for them.</summary>
    public NpgsqlBatchCommand Lock() => Sql.Command(
        "SELECT account_id, sequence, version FROM account_heads WHERE account_id = ANY($1) ORDER BY account_id FOR UPDATE",
        Sql.Of(heads.Keys.ToArray()));

    /// <summary>Reads what the fence found.</summary>
    public async Task ReadAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        while (await rows.ReadAsync(cancellation))
            heads[rows.GetString(0)] = new Head { Sequence = rows.GetInt64(1), Version = rows.GetInt64(2) };
    }

    /// <summary>Wakes the actors: from memory when they are as of the version that was fenced, else from the database.</summary>
    public async Task LoadActorsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        List<string> missing = [];
        foreach (var (account, head) in heads)
        {
            if (head.IsMissing) continue;
            head.Actor = actors.Find(account, head.Version);
            if (head.Actor is null) missing.Add(account);
        }

        if (missing.Count == 0) return;
        foreach (var account in await AccountLoader.LoadAsync(connection, missing, cancellation))
        {
            var actor = new AccountActor(account);
            actors.Keep(actor);
            heads[account.Id].Actor = actor;
        }
    }

    /// <summary>An account took a payment: its number is given out, and its deliveries are due.</summary>
    public void Advance(Head head, AccountActor actor, Payment payment, DateTimeOffset now, ICollection<Delivery> due)
    {
        head.Sequence++;
        head.Advanced = true;
        actor.Announce(payment, ids, now, due);
        foreach (var destination in actor.State.Destinations)
        {
            if (!destination.Paused) WokenLanes.Add(destination.Lane);
        }
    }

    /// <summary>Advances the heads, and wakes the lanes that got something.</summary>
    public void Add(NpgsqlBatch batch, DateTimeOffset now)
    {
        string[] advanced = [.. heads.Where(head => head.Value.Advanced).Select(head => head.Key)];
        if (advanced.Length == 0) return;
        batch.BatchCommands.Add(Sql.Command(
            "UPDATE account_heads h SET sequence = g.sequence FROM unnest($1, $2) AS g (account_id, sequence) WHERE h.account_id = g.account_id",
            Sql.Of(advanced),
            Sql.Of(Array.ConvertAll(advanced, account => heads[account].Sequence))));
        if (WokenLanes.Count == 0) return;

        // Whoever lets a lane go locks its account's head first, as we do: it can't fall asleep over what we add.
        batch.BatchCommands.Add(Sql.Command(
            "UPDATE agenda SET due_at = $2 WHERE kind = 'lane' AND key = ANY($1) AND due_at > $2",
            Sql.Of(WokenLanes.Order().Select(lane => lane.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray()),
            Sql.Time(now)));
    }
}
