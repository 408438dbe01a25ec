using Microsoft.Extensions.DependencyInjection;
using MoMo.Domain.Channels;
using MoMo.Silo.Channels;
using MoMo.Storage;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>A look comes further however long it takes to list what lies there.</summary>
public sealed class SlowListingTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    [Fact]
    public async Task What_is_new_is_taken_although_listing_outlasts_a_look_and_what_is_old_lies_before_it()
    {
        var (adapter, folder) = await fixture.WatchAsync(
            settings: folder => new { path = folder, ready = "at-once", after = "leave", interval_seconds = 3_600 });
        var then = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);
        foreach (var name in (string[])["a.csv", "b.csv"])
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), ChannelFixture.Csv(name[..1], 1));
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), then);
        }

        await fixture.TakenAsync(adapter, 2);
        await fixture.AnotherLookAsync(adapter);
        // The silo's own looks are over for an hour.
        await File.WriteAllTextAsync(Path.Combine(folder, "c.csv"), ChannelFixture.Csv("c", 1));

        var services = fixture.Silo.Services;
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var slow = services.GetServices<IChannelKind>().Select(kind => new SlowListing(kind, TimeSpan.FromHours(1), clock));
        var kinds = ActivatorUtilities.CreateInstance<ChannelKinds>(services, slow);
        var look = ActivatorUtilities.CreateInstance<ChannelLook>(services, kinds, clock);
        await look.RunAsync(new AgendaItem("channel", adapter, clock.GetUtcNow(), 0), CancellationToken.None);
        Assert.Equal(3, await fixture.PaymentsAsync(adapter));
    }
}
