using MoMo.Domain.Deliveries;
using MoMo.Tests.Support;

namespace MoMo.Tests.Deliveries;

/// <summary>A random walk over all that befalls a lane: payments, changed filters, pauses, restarts, retries by hand. In the end nothing is missing or twice.</summary>
public sealed class RandomWalkTests
{
    [Theory]
    [InlineData(1, DeliveryOrder.Reference)]
    [InlineData(2, DeliveryOrder.Reference)]
    [InlineData(3, DeliveryOrder.Account)]
    [InlineData(4, DeliveryOrder.None)]
    [InlineData(5, DeliveryOrder.Reference)]
    [InlineData(6, DeliveryOrder.Account)]
    public async Task Whatever_happens_each_payment_arrives_that_its_destination_was_told_of_then(int seed, DeliveryOrder order)
    {
        var chance = new Random(seed);
        var receiver = new FickleKind(new Random(seed));
        var settings = DestinationSettings.Ordinary with { Order = order, Breaker = false, RetryWaits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] };
        await using var rig = await DeliveryRig.StartWithAsync(receiver, settings);
        HashSet<int> due = [];
        var number = 0;
        for (var step = 0; step < 60; step++)
        {
            switch (chance.Next(8))
            {
                case 0:
                    settings = settings with { Currencies = chance.Next(3) switch { 0 => null, 1 => ["KES"], _ => ["UGX", "TZS"] } };
                    goto case 1;
                case 1:
                    await rig.ChangeAsync(settings, paused: chance.Next(3) == 0);
                    break;
                case 2:
                    await rig.RestartAsync();
                    break;
                case 3:
                    rig.Advance(TimeSpan.FromSeconds(chance.Next(5)));
                    break;
                case 4 when number > 0:
                    var some = await Sql.AskAsync<string>(
                        rig.Database.AppConnectionString,
                        $"SELECT coalesce(min(id::text), '') FROM deliveries WHERE state = 'pending' AND sequence > {chance.Next(number)}");
                    if (some.Length > 0) await rig.Deliveries.RetryAsync(Guid.Parse(some), CancellationToken.None);
                    break;
                default:
                    for (var more = chance.Next(1, 6); more > 0; more--)
                    {
                        var currency = chance.Next(2) == 0 ? "KES" : "UGX";
                        var reference = chance.Next(4) is > 0 and var of ? $"Meter-{of}" : null;
                        await rig.PayAsync($"R{++number}", reference, currency);
                        if (settings.Currencies?.Contains(currency) ?? true) due.Add(number);
                    }

                    break;
            }
        }

        await rig.ChangeAsync(settings, paused: false);
        await rig.PassAsync(TimeSpan.FromHours(10), () => receiver.Arrived.Count >= due.Count);
        await Eventually.TrueAsync(
            async () => await rig.CountAsync("SELECT count(*) FROM delivery_rows WHERE state = 'delivered'") == due.Count && await rig.CountAsync("SELECT count(*) FROM deliveries") == due.Count,
            () => "all that is due to be recorded, and nothing else");
        await rig.RestedAsync();
        Assert.Equal(due.Order(), receiver.Arrived.Select(one => one.Sequence).Order());
        if (order != DeliveryOrder.None)
        {
            foreach (var same in receiver.Arrived.GroupBy(one => order == DeliveryOrder.Account ? "" : one.Key ?? $"{one.Sequence}"))
                Assert.Equal(same.Select(one => one.Sequence).Order(), same.Select(one => one.Sequence));
        }

        await JournalHost.AssertLawfulAsync(rig.Database);
    }
}
