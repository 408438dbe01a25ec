using MoMo.Domain.Deliveries;
using MoMo.Simulator.Model;
using MoMo.Simulator.Oracles;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>
/// Where nobody disturbs the hub itself, a delivery to a server that is well is tried soon, whatever other accounts' servers do: law 4, one
/// account's trouble never delays another's.
/// </summary>
internal sealed class Calm(Loop loop, Judge judge, Store store, VirtualClock clock, Process outside)
{
    /// <summary>Longer than a lease and two looks at the agenda.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private TimeSpan troubleUntil;

    /// <summary>The hub itself is disturbed.</summary>
    public void Trouble(TimeSpan duration)
    {
        var end = loop.Now + duration.Duration() + Soon;
        if (end > troubleUntil) troubleUntil = end;
    }

    /// <summary>A delivery became due.</summary>
    public void Watch(Guid delivery, AccountServer server)
    {
        // Behind one that waits, and behind all that wait with it: they go one after another when its time has come.
        if (loop.Now < troubleUntil || IsIll(server) || IsBehind(store.Tables.Deliveries[delivery])) return;
        var began = loop.Now;
        outside.Start(async () =>
        {
            await Task.Delay(Soon, clock);
            if (troubleUntil > began || IsIll(server) || server.WellSince > began || judge.WasAttempted(delivery)) return;
            // Its own server's trouble of before: the lane rests, or rested until now as the server had asked for, or an earlier payment of the
            // reference waits for its time.
            var (line, lane) = (store.Tables.Deliveries[delivery], store.Tables.Lanes[server.Lane]);
            if (lane.RestUntil > clock.GetUtcNow() - Soon) return;
            if (lane.Health != LaneHealth.Well || (line.Waits && line.Attempts == 0) || IsBehind(line)) return;
            judge.Accuse("law 4, no account delays another", $"Delivery {delivery} to {server.Account} was not tried in {Soon.TotalSeconds} s of calm.");
        });
    }

    /// <summary>The lane keeps the order of its account, and an earlier payment waits for its time.</summary>
    private bool IsBehind(DeliveryLine line) =>
        store.Tables.Destinations[line.Delivery.Lane].Order == DeliveryOrder.Account
        && store.Tables.Deliveries.Values.Any(one =>
            one.Delivery.Lane == line.Delivery.Lane && one.State == "pending" && one.Waits && one.Delivery.Sequence < line.Delivery.Sequence);

    private bool IsIll(AccountServer server) =>
        server.Mode != ServerMode.Well || loop.Now - server.WellSince < Soon || store.Tables.Destinations[server.Lane].Paused;
}
