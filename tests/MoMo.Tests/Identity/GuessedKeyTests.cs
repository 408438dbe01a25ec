using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Domain.Identity;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Silo.Telemetry;
using MoMo.Storage.Management;
using MoMo.Tests.Support;

namespace MoMo.Tests.Identity;

/// <summary>Whoever makes keys up costs the database little, and those who have one nothing.</summary>
public sealed class GuessedKeyTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const int AtOnce = 8;

    [Fact]
    public async Task Eight_ids_that_nobody_used_are_looked_up_at_once_and_a_key_that_is_in_use_beside_them()
    {
        var clock = new FakeTimeProvider();
        var known = new KnownKeys(host.Services.GetRequiredService<KeyStore>(), clock);
        var own = (await host.NewKeyAsync("admin")).GetProperty("id").GetString()!;
        Assert.NotNull(await known.FindAsync(own, CancellationToken.None));
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.False(known.TryFind(own, out _));

        Task<KnownKey?> again;
        Task<KnownKey?>[] guesses;
        await using (await HoldAsync())
        {
            guesses = [.. Enumerable.Range(0, AtOnce).Select(guess => FindAsync($"guess-{guess}"))];
            var next = FindAsync("guess-next");
            again = FindAsync(own);
            await WaitingAsync(AtOnce + 1);
            Assert.False(next.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(TimeSpan.FromSeconds(1), (await Assert.ThrowsAsync<HubBusyException>(() => next)).RetryAfter);
        }

        Assert.NotNull(await again);
        Assert.All(await Task.WhenAll(guesses), Assert.Null);
        Assert.Null(await known.FindAsync("guess-next", CancellationToken.None)); // its refusal is not remembered, nor is a place lost

        Task<KnownKey?> FindAsync(string id) => known.FindAsync(id, CancellationToken.None).AsTask();
    }

    [Fact]
    public async Task Refused_keys_are_counted_by_why_and_too_many_are_told_to_come_back()
    {
        var metrics = host.Services.GetRequiredService<HubMetrics>();
        ConcurrentQueue<string> counted = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == metrics.Meter && instrument.Name == "momo.keys.refused") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Enqueue($"{tags[0].Key} {tags[0].Value}"));
        listener.Start();
        var key = (await host.NewKeyAsync("admin")).GetProperty("key").GetString()!;
        foreach (var text in (string[])["nonsense", KeyText.Make().Text, key[..^43] + new string('A', 43)]) (await AskAsync(text)).MustBe(401, "unauthenticated");
        Assert.Equal(["reason malformed", "reason unknown", "reason wrong"], counted);

        Task<Answered>[] guesses;
        await using (await HoldAsync())
        {
            guesses = [.. Enumerable.Range(0, AtOnce).Select(_ => AskAsync(KeyText.Make().Text))];
            await WaitingAsync(AtOnce);
            var next = AskAsync(KeyText.Make().Text);
            await Eventually.TrueAsync(
                () =>
                {
                    host.Clock.Advance(TimeSpan.FromMilliseconds(100));
                    return next.IsCompleted;
                },
                () => "the refusal");
            Assert.Equal(TimeSpan.FromSeconds(1), (await next).MustBe(503, "busy").Message.Headers.RetryAfter?.Delta);
        }

        Assert.All(await Task.WhenAll(guesses), guess => guess.MustBe(401, "unauthenticated"));
        Assert.Single(counted, "reason busy");
        Assert.Equal(1 + AtOnce, counted.Count(one => one == "reason unknown"));
    }

    private async Task<Answered> AskAsync(string key)
    {
        using var client = host.Client(key);
        return await ManagementHost.SendAsync(client, "GET", "/v1/psps");
    }

    private Task<HeldLock> HoldAsync() => HeldLock.TakeAsync(host.Database.OwnerConnectionString, "LOCK TABLE api_keys");

    private Task WaitingAsync(int count)
    {
        var waiting = $"SELECT count(*) {HeldLock.Waiting("api_keys")}";
        return Eventually.TrueAsync(async () => await Sql.AskAsync<long>(host.Database.OwnerConnectionString, waiting) == count, () => $"{count} questions");
    }
}
