using MoMo.Domain.Deliveries;
using MoMo.Simulator.Model;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.Oracles;

/// <summary>
/// Watches what people send again: what a replay announced is sent, each once and nothing else, and in a lane what was made ready earlier still comes
/// before what has a higher number.
/// </summary>
internal sealed class ReplayJudge(Loop loop, Store store, Action<string, string> accuse)
{
    private readonly List<(ReplayLine Replay, Dictionary<Guid, int> Announced)> begun = [];
    private readonly HashSet<(int Replay, Guid Delivery)> sent = [];
    private readonly Dictionary<Guid, TimeSpan> ready = [];
    private readonly Dictionary<Guid, TimeSpan> arrived = [];

    /// <summary>A delivery was recorded.</summary>
    public void Recorded(Delivery delivery) => ready[delivery.Id] = loop.Now;

    /// <summary>Somebody asked for a replay, and was told how many deliveries it is about.</summary>
    public void Begun(ReplayLine replay)
    {
        var announced = store.Tables.Deliveries.Where(one => IsMeant(replay, one.Value, one.Value.State)).ToDictionary(one => one.Key, one => one.Value.Attempts);
        if (announced.Count != replay.Total) accuse("a replay sends what it announced", $"Replay {replay.Id} announced {replay.Total}; {announced.Count} fit.");
        begun.Add((replay, announced));
    }

    /// <summary>A delivery was made ready again.</summary>
    /// <param name="line">It, as it is now.</param>
    /// <param name="before">Its state before.</param>
    /// <param name="round">The begin of its schedule before.</param>
    /// <param name="replay">By which replay; null for one that somebody named.</param>
    public void Again(DeliveryLine line, string before, int round, ReplayLine? replay)
    {
        var id = line.Delivery.Id;
        if (line.RoundStart != round) ready[id] = loop.Now;
        if (replay is null) return;
        if (!IsMeant(replay, line, before)) accuse("a replay sends nothing else", $"Replay {replay.Id} sent delivery {id} again, which was {before} in lane {line.Delivery.Lane}.");
        if (!sent.Add((replay.Id, id))) accuse("a replay sends each once", $"Replay {replay.Id} sent delivery {id} a second time.");
    }

    /// <summary>A delivery arrived.</summary>
    /// <param name="delivery">Its id.</param>
    /// <param name="round">The begin of the schedule that the attempt was made by.</param>
    public void Arrived(Guid delivery, int round)
    {
        var first = !arrived.TryGetValue(delivery, out var last) || last < ready.GetValueOrDefault(delivery);
        arrived[delivery] = loop.Now;
        // One that was on its way when somebody asked for it anew tells nothing of what was ready then.
        if (first && store.Tables.Deliveries.TryGetValue(delivery, out var came) && came.RoundStart == round) CheckOrder(came);
    }

    /// <summary>At the end, when everything should have settled.</summary>
    public void Close()
    {
        foreach (var (replay, announced) in begun)
        {
            if (!replay.Finished) accuse("everything settles", $"Replay {replay.Id} is not finished.");
            foreach (var (id, attempts) in announced)
            {
                if (store.Tables.Deliveries[id].Attempts == attempts)
                    accuse("a replay sends what it announced", $"Replay {replay.Id} announced {replay.Total}, delivery {id} among them, which was not sent again.");
            }
        }
    }

    private void CheckOrder(DeliveryLine came)
    {
        var order = store.Tables.Destinations[came.Delivery.Lane].Order;
        if (order == DeliveryOrder.None || (order == DeliveryOrder.Reference && came.Delivery.OrderKey is null)) return;
        foreach (var (id, line) in store.Tables.Deliveries)
        {
            if (line.State != "pending" || line.Delivery.Lane != came.Delivery.Lane || line.Delivery.Sequence >= came.Delivery.Sequence) continue;
            if (line.RoundStart == 0 && came.RoundStart == 0) continue; // nobody asked for either
            if (order == DeliveryOrder.Reference && line.Delivery.OrderKey != came.Delivery.OrderKey) continue;
            if (ready[id] > ready[came.Delivery.Id] || (arrived.TryGetValue(id, out var at) && at >= ready[id])) continue;
            accuse(
                "law 4, order holds after a replay",
                $"Lane {came.Delivery.Lane} got number {came.Delivery.Sequence} of {order} {came.Delivery.OrderKey} again before number {line.Delivery.Sequence}.");
        }
    }

    /// <summary>Whether a replay is about a delivery, by its filter.</summary>
    private static bool IsMeant(ReplayLine replay, DeliveryLine line, string state)
    {
        if (state != replay.State || line.Delivery.DueAt >= replay.Until) return false;
        if (replay.Since is { } since && line.Delivery.DueAt < since) return false;
        return (replay.AccountId ?? line.Delivery.AccountId) == line.Delivery.AccountId && (replay.Lane ?? line.Delivery.Lane) == line.Delivery.Lane;
    }
}
