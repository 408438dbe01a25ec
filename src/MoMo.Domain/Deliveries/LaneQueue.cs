namespace MoMo.Domain.Deliveries;

/// <summary>
/// The deliveries of a lane that are in memory: waiting or on their way. Of those with the same key one is on its way at a time, the lowest number
/// first; when it fails, those behind it are dropped here and wait in the store.
/// </summary>
internal sealed class LaneQueue
{
    private readonly List<(DueDelivery Delivery, string? Key)> waiting = [];
    private readonly Dictionary<Guid, (DueDelivery Delivery, string? Key)> sent = [];
    private readonly HashSet<string> busy = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, long> unwritten = []; // those here that the store has not written yet, and their numbers
    private readonly Predicate<(DueDelivery Delivery, string? Key)> isFree;
    private long reached;

    public LaneQueue() => isFree = one => one.Key is null || !busy.Contains(one.Key);

    /// <summary>Deliveries that wait here.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Deliveries on their way.</summary>
    public int Sent => sent.Count;

    /// <summary>All of them.</summary>
    public HeldDeliveries Held => new([.. waiting.Select(one => one.Delivery.Id), .. sent.Keys])
    {
        Unwritten = [.. unwritten.Select(one => (one.Key, one.Value))],
        Reached = reached,
    };

    /// <summary>Whether something may be sent now.</summary>
    public bool HasNext => waiting.Exists(isFree);

    public void Add(IReadOnlyList<DueDelivery> due, DeliveryOrder order)
    {
        foreach (var one in due)
        {
            var key = order switch
            {
                DeliveryOrder.Account => "",
                DeliveryOrder.Reference => one.OrderKey,
                _ => null,
            };
            waiting.Add((one, key));
            if (one.Unwritten is null) continue;
            unwritten.Add(one.Id, one.Sequence);
            reached = Math.Max(reached, one.Sequence);
        }

        // News of adapters all have one number: their ids tell which came first.
        waiting.Sort(static (one, other) => (one.Delivery.Sequence, one.Delivery.Id).CompareTo((other.Delivery.Sequence, other.Delivery.Id)));
    }

    /// <summary>The next that may be sent; null when all wait for one that is on its way.</summary>
    public DueDelivery? Take()
    {
        var place = waiting.FindIndex(isFree);
        if (place < 0) return null;
        var (delivery, key) = waiting[place];
        waiting.RemoveAt(place);
        sent.Add(delivery.Id, (delivery, key));
        if (key is not null) busy.Add(key);
        return delivery;
    }

    /// <summary>The next ones by their numbers, of whatever key, to be sent together. Nothing else may be on its way.</summary>
    /// <remarks>Of those that the receiver refused fewer go together each time, until what it refuses stands alone and keeps the others no longer.</remarks>
    public IReadOnlyList<DueDelivery> Take(int max)
    {
        var (count, most) = (0, max);
        while (count < waiting.Count && (most = Math.Min(most, Together(waiting[count].Delivery, max))) > count) count++;
        var taken = waiting[..count];
        waiting.RemoveRange(0, taken.Count);
        foreach (var (delivery, key) in taken)
        {
            sent.Add(delivery.Id, (delivery, key));
            if (key is not null) busy.Add(key);
        }

        return taken.ConvertAll(one => one.Delivery);
    }

    /// <summary>Since when the first of those here waits to be sent; one that was tried before has waited enough. Null when nothing waits.</summary>
    public DateTimeOffset? WaitsSince => waiting.Count == 0
        ? null
        : waiting.Min(one => one.Delivery.Attempts > one.Delivery.RoundStart ? DateTimeOffset.MinValue : one.Delivery.DueAt);

    /// <summary>One has come back.</summary>
    /// <param name="id">Which.</param>
    /// <param name="arrived">What is behind it may go on. Else the store is asked what may.</param>
    /// <param name="written">The store knows what came of it; else it was not tried, and has to be found again.</param>
    public void Settle(Guid id, bool arrived, bool written)
    {
        if (!sent.Remove(id, out var one)) return;
        if (one.Delivery.Unwritten is not null)
        {
            unwritten.Remove(id);
            if (!written) ForgetFrom(one.Delivery.Sequence);
        }

        if (one.Key is not { } key) return;
        busy.Remove(key);
        if (!arrived) Drop(behind => behind.Key == key);
    }

    /// <summary>Forgets what waits.</summary>
    public void Clear() => Drop(_ => true);

    /// <summary>With how many, itself among them, one may go at most: after each refusal half as many.</summary>
    private static int Together(DueDelivery one, int max) => one.WasRejected ? Math.Max(max >> Math.Min(one.Attempts - one.RoundStart, 30), 1) : max;

    /// <summary>What is dropped has to be found again, though further ones are here or written.</summary>
    private void Drop(Predicate<(DueDelivery Delivery, string? Key)> which)
    {
        foreach (var (delivery, _) in waiting.FindAll(which).Where(one => one.Delivery.Unwritten is not null))
        {
            unwritten.Remove(delivery.Id);
            ForgetFrom(delivery.Sequence);
        }

        waiting.RemoveAll(which);
    }

    private void ForgetFrom(long number) => reached = Math.Min(reached, number - 1);
}
