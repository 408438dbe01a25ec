using System.Globalization;
using MoMo.Domain.Deliveries;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Deliveries;

/// <summary>A receiver that is away for days, on a real database and a held clock.</summary>
public sealed class OutageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task After_a_long_outage_everything_arrives_and_every_delay_was_as_scheduled()
    {
        // By chance alone a schedule ends after 60 to 90 hours: those that end within the outage are tried once more after it.
        await using var rig = await DeliveryRig.StartAsync(TimeSpan.FromHours(75), new() { Order = DeliveryOrder.None });
        for (var number = 0; number < 4; number++) await rig.PayAsync($"P{number}");
        await rig.PassAsync(TimeSpan.FromHours(120), () => rig.Outage.Arrived == 4);

        var delays = rig.Outage.Attempts.GroupBy(one => one.Delivery).SelectMany(one =>
        {
            var times = one.OrderBy(attempt => attempt.Attempt).ToArray();
            Assert.Equal(Enumerable.Range(1, times.Length), times.Select(attempt => attempt.Attempt));
            Assert.InRange(times.Length, 9, 11);
            return times.Skip(1).Zip(StandardWaits.All, (attempt, wait) => (attempt.At - times[attempt.Attempt - 2].At) / wait);
        }).ToArray();
        Assert.True(delays.Length >= 4 * 8, $"{delays.Length} delays");
        Assert.All(delays, share => Assert.InRange(share, 0.8, 1.2));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task A_backlog_is_probed_sparingly_and_caught_up_without_a_herd()
    {
        const int backlog = 1_000;
        await using var rig = await DeliveryRig.StartAsync(TimeSpan.FromHours(75), new() { Order = DeliveryOrder.None });
        for (var number = 0; number < backlog; number++) await rig.PayAsync($"P{number}");
        await rig.PassAsync(TimeSpan.FromHours(130), () => rig.Outage.Arrived == backlog);

        var failed = rig.Outage.Attempts.Where(one => !one.Arrived).ToArray();
        Assert.InRange(failed.Length, 200, 500); // By the schedule alone there would have been 9,000.
        AssertBounded(rig, $"{failed.Length} attempts while away; then ");
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task After_five_days_without_a_success_the_destination_is_paused_keeps_everything_and_catches_up_without_a_herd()
    {
        const int twoDays = 172_800;
        const int backlog = 300;
        var settings = new DestinationSettings { Order = DeliveryOrder.None, RetryWaits = [twoDays, twoDays, twoDays, twoDays, twoDays] };
        await using var rig = await DeliveryRig.StartAsync(TimeSpan.FromHours(200), settings);
        await rig.PayAsync("P1");
        await rig.PassAsync(TimeSpan.FromHours(200), () => rig.Outage.Attempts.Count == 4);
        await Eventually.TrueAsync(
            async () => (await rig.Destinations.FindAsync("a0", "hook", CancellationToken.None))!.PausedReason == "failing", () => "the pause");
        await Eventually.TrueAsync(() => rig.Log.Said.Count > 0, () => "a line of the log");
        for (var number = 0; number < backlog; number++) await rig.PayAsync($"B{number}");
        rig.Advance(TimeSpan.FromHours(300));
        Assert.Equal(4, rig.Outage.Attempts.Count);

        Assert.NotNull((await rig.Destinations.ChangeAsync("a0", "hook", DeliveryRig.Draft(settings), VersionMatch.Any, CancellationToken.None)).Accepted);
        await rig.PassAsync(TimeSpan.FromHours(1), () => rig.Outage.Arrived == 1 + backlog, TimeSpan.FromMilliseconds(4));
        AssertBounded(rig, "resumed; then ");
        Assert.False((await rig.Destinations.FindAsync("a0", "hook", CancellationToken.None))!.Paused);
        Assert.Equal(
            "Warning MoMo.Deliveries.Pause paused Account=a0 Destination=hook Reason=failing Why=nothing arrived there for longer than it may fail.",
            Assert.Single(rig.Log.Said));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    /// <summary>In no second more arrived than a lane that catches up may send, and the little that it may make up for.</summary>
    private void AssertBounded(DeliveryRig rig, string before)
    {
        var arrived = rig.Outage.Attempts.Where(one => one.Arrived).Select(one => one.At).Order().ToArray();
        var began = arrived[0];
        var seconds = arrived.Where(at => at - began < TimeSpan.FromMinutes(10)).GroupBy(at => (int)(at - began).TotalSeconds).Select(one => one.Count()).ToArray();
        var (peak, mean) = (seconds.Max(), seconds.Average());
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{before}{arrived.Length} in {seconds.Length} s, peak {peak}/s, mean {mean:0.0}/s, ratio {peak / mean:0.00}"));
        Assert.InRange(peak, 1, new DelivererOptions().CatchUpPerSecond + 20);
    }
}
