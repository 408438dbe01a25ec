using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Engine;
using MoMo.Simulator.Model;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>An operator: assigns, unlinks, replays, pauses, archives, while everything else goes on.</summary>
internal sealed class Operator(HubWorld world, VirtualClock clock)
{
    private Tables Tables => world.Store.Tables;

    /// <summary>Gives a payment in suspense to an account.</summary>
    public async Task AssignAsync(Random chance)
    {
        var suspended = Tables.Payments.Keys.Select(Tables.Find).OfType<Payment>().Where(one => one.AccountId is null).OrderBy(one => one.Id).ToList();
        if (suspended.Count == 0 || world.Pick(chance) is not { } silo) return;
        var payment = suspended[chance.Next(suspended.Count)];
        var account = $"a{chance.Next(HubWorld.Accounts)}";
        try
        {
            var assigning = silo.AssignAsync(new AssignmentOrder(payment.Id, account, null, "It is theirs.", "operator", clock.GetUtcNow()));
            if (!await Work.EndsWithinAsync(assigning, TimeSpan.FromSeconds(30), clock)) return;
            var outcome = await assigning;
            if (outcome.Accepted is { } taken && Tables.Find(taken.Payment.Id)?.AccountId != account)
                world.Judge.Accuse("law 2, acknowledged is stored", $"Payment {taken.Payment.Id} was assigned to {account}, and is {Tables.Find(taken.Payment.Id)?.AccountId}'s.");
        }
        catch (Exception e) when (e is HubBusyException or ModelFault)
        {
            // He would ask again; whether it was done shows in the end.
        }
    }

    /// <summary>Takes a payment from the account that has it.</summary>
    public async Task UnlinkAsync(Random chance)
    {
        var owned = Tables.Payments.Keys.Select(Tables.Find).OfType<Payment>().Where(one => one.AccountId is not null).OrderBy(one => one.Id).ToList();
        if (owned.Count == 0 || world.Pick(chance) is not { } silo) return;
        var payment = owned[chance.Next(owned.Count)];
        Span<byte> bytes = stackalloc byte[32];
        chance.NextBytes(bytes);
        var (rest, reversal) = (new Guid(bytes[..16]), new Guid(bytes[16..]));
        var order = new UnlinkOrder(
            payment.Id, payment.AccountId!, rest, reversal, "It was not theirs.", "operator", clock.GetUtcNow(), Proof.OfMessage(rest.ToByteArray(), "{}"));
        try
        {
            var unlinking = silo.UnlinkAsync(order);
            if (!await Work.EndsWithinAsync(unlinking, TimeSpan.FromSeconds(30), clock)) return;
            if ((await unlinking).Accepted is { } done && Tables.Unlinkings.GetValueOrDefault(payment.Id) != done.Unlinking)
                world.Judge.Accuse("law 2, acknowledged is stored", $"Payment {payment.Id} was unlinked as {done.Unlinking.PaymentId}, and that is not stored.");
        }
        catch (Exception e) when (e is HubBusyException or ModelFault)
        {
            // He would ask again; whether it was done shows in the end.
        }
    }

    /// <summary>Makes a delivery due again, whatever its state, as DeliveryStore does it in SQL.</summary>
    public Task RetryAsync(Random chance)
    {
        var deliveries = Tables.Deliveries.Values.ToList();
        return deliveries.Count == 0 ? Task.CompletedTask : RetryAsync(deliveries[chance.Next(deliveries.Count)]);
    }

    /// <summary>Makes a delivery due again.</summary>
    public Task RetryAsync(DeliveryLine line) => ChangeAsync(line.Delivery.AccountId, () =>
    {
        var now = clock.GetUtcNow();
        world.Store.SendAgain(line, now);
        foreach (var one in Tables.Deliveries.Values)
        {
            if (one.Delivery.Lane == line.Delivery.Lane && line.Delivery.OrderKey is { } key && one.Delivery.OrderKey == key && one.State == "pending"
                && one.Waits && one.Attempts == one.RoundStart && one.Delivery.Sequence > line.Delivery.Sequence && one.DueAt > now)
                one.DueAt = now;
        }

        Wake(line.Delivery.Lane);
        Tables.Lanes[line.Delivery.Lane].EndRest();
    });

    /// <summary>Sends many again: of a lane, an account or all, those that arrived or those that are dead, since a time or ever.</summary>
    /// <param name="lane">The lane, or one of the account.</param>
    /// <param name="back">How far back, if there is a limit.</param>
    /// <param name="chance">Of the step.</param>
    public async Task ReplayAsync(long lane, TimeSpan back, Random chance)
    {
        var (width, state, since) = (chance.Next(3), chance.Next(4) == 0 ? "dead" : "delivered", chance.Next(2) == 0);
        for (; ; )
        {
            try
            {
                var now = clock.GetUtcNow();
                await new ModelReplays(world.Store, world.Admin, clock).BeginAsync(id => new ReplayLine
                {
                    Id = id, Lane = width == 0 ? lane : null, AccountId = width < 2 ? Tables.Destinations[lane].AccountId : null, State = state,
                    Since = since ? now - back : null, Until = now,
                });
                return;
            }
            catch (ModelFault)
            {
                // Perhaps it was begun all the same: then there are two.
                await Task.Delay(TimeSpan.FromSeconds(1), clock);
            }
        }
    }

    /// <summary>Pauses a destination, or lets it go on.</summary>
    public Task PauseAsync(long lane, bool paused)
    {
        var destination = Tables.Destinations[lane];
        return ChangeAsync(destination.AccountId, () =>
        {
            if (destination.Paused && !paused)
            {
                Tables.Lanes[lane].EndRest();
                (Tables.Lanes[lane].DueAt, Tables.Lanes[lane].Health) = (clock.GetUtcNow(), new LaneHealth(null, 0, Recovering: true));
            }

            destination.Paused = paused;
            destination.Version++;
            Tables.Accounts[destination.AccountId].Version++;
        });
    }

    /// <summary>Gives a destination a new secret; both sign.</summary>
    public Task RotateAsync(long lane, byte[] secret)
    {
        var destination = Tables.Destinations[lane];
        return ChangeAsync(destination.AccountId, () =>
        {
            world.ServerOf(lane).Learns(secret);
            destination.Secrets.Insert(0, secret);
            if (destination.Secrets.Count > 2) destination.Secrets.RemoveAt(2);
            destination.Version++;
        });
    }

    /// <summary>Ends a rotation: from now on the old secret signs nothing, and soon its owner has forgotten it.</summary>
    public async Task EndRotationAsync(long lane)
    {
        var destination = Tables.Destinations[lane];
        await ChangeAsync(destination.AccountId, () =>
        {
            destination.Secrets.RemoveRange(1, destination.Secrets.Count - 1);
            destination.Version++;
        });
        await Task.Delay(TimeSpan.FromMinutes(2), clock);
        if (destination.Secrets is [var only]) world.ServerOf(lane).Knows(only);
    }

    /// <summary>Archives an account, or takes it back.</summary>
    public Task ArchiveAsync(string account, bool archived) => ChangeAsync(account, () =>
    {
        var line = Tables.Accounts[account];
        if (line.Archived == archived) return;
        line.Archived = archived;
        line.Version++;
        if (archived) world.Judge.Archived(account, line.Sequence);
        else world.Judge.Unarchived(account);
    });

    private void Wake(long lane)
    {
        var line = Tables.Lanes[lane];
        if (line.DueAt > clock.GetUtcNow()) line.DueAt = clock.GetUtcNow();
    }

    /// <summary>A change under the account's head, as every change of an account is made.</summary>
    private async Task ChangeAsync(string account, Action change)
    {
        for (; ; )
        {
            try
            {
                await world.Admin.AskAsync(async session =>
                {
                    session.IsOpen = true;
                    await world.Store.Locks.TakeAsync(session, $"head {account}");
                    change();
                    world.Store.End(session);
                    return true;
                });
                return;
            }
            catch (ModelFault)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), clock);
            }
        }
    }
}
