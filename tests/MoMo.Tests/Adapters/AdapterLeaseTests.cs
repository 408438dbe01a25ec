using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MoMo.Domain.Adapters;
using MoMo.Storage;
using MoMo.Storage.Adapters;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Adapters;

public sealed class AdapterLeaseTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new();
    private readonly ConcurrentQueue<AdapterStateChange> announced = new();
    private TestDatabase made = null!;
    private NpgsqlDataSource database = null!;
    private StoredAdapters adapters = null!;
    private AdapterStore store = null!;

    public async Task InitializeAsync()
    {
        made = await JournalHost.PrepareAsync(1);
        database = NpgsqlDataSource.Create(made.AppConnectionString);
        adapters = new StoredAdapters(database, clock, announced.Enqueue);
        store = new AdapterStore(database, clock);
        foreach (var id in new[] { "a", "b" })
            Assert.NotNull((await store.CreateAsync(new AdapterDraft(id, "psp", id, "json", null, null, false), CancellationToken.None)).Accepted);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task An_adapter_that_is_not_heard_of_goes_down_and_one_that_is_stays_up()
    {
        await adapters.Of("a").Register(Signal(60));
        await adapters.Of("b").Register(Signal(60));
        clock.Advance(TimeSpan.FromSeconds(59));
        await adapters.Of("b").Heartbeat(Signal(60));
        Assert.Equal(0, await Watch().RunOnceAsync(CancellationToken.None));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Watch().RunOnceAsync(CancellationToken.None));
        Assert.Equal(0, await Watch().RunOnceAsync(CancellationToken.None));

        Assert.Equal(("down", "lease ran out"), await StateAsync("a"));
        Assert.Equal(("up", null), await StateAsync("b"));
        Assert.Equal(["a up", "b up", "a down"], announced.Select(change => $"{change.AdapterId} {change.State}"));
        await adapters.Of("a").Heartbeat(Signal(60));
        Assert.Equal(("up", null), await StateAsync("a"));
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(2, await Watch().RunOnceAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_fault_that_nobody_expected_ends_neither_the_looking_nor_the_silo()
    {
        var faulty = new StoredAdapters(database, clock, change =>
        {
            announced.Enqueue(change);
            if (change is { AdapterId: "a", State: "down" }) throw new InvalidOperationException("A fault of ours.");
        });
        await adapters.Of("a").Register(Signal(60));
        await adapters.Of("b").Register(Signal(120));
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHostedService(_ => new AdapterLeases(new Agenda(database), faulty, clock, NullLogger<AdapterLeases>.Instance));
        using var silo = builder.Build();
        await silo.StartAsync();
        foreach (var id in (string[])["a", "b"])
        {
            await Eventually.TrueAsync(
                () =>
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                    return announced.Any(change => change.AdapterId == id && change.State == "down");
                },
                () => $"{id} goes down");
        }

        Assert.False(silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        await silo.StopAsync();
    }

    [Fact]
    public async Task One_that_somebody_holds_keeps_no_other_waiting()
    {
        foreach (var id in (string[])["a", "b"]) await adapters.Of(id).Register(Signal(60));
        clock.Advance(TimeSpan.FromSeconds(60));
        await using var limited = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(made.AppConnectionString) { Options = "-c lock_timeout=100" }.ConnectionString);
        var watch = new AdapterLeases(new Agenda(limited), new StoredAdapters(limited, clock, announced.Enqueue), clock, NullLogger<AdapterLeases>.Instance);
        await using (await HeldLock.TakeAsync(made.AppConnectionString, "SELECT FROM adapters WHERE id = 'a' FOR UPDATE"))
            Assert.Equal(2, await watch.RunOnceAsync(CancellationToken.None));
        Assert.Equal([("up", null), ("down", "lease ran out")], [await StateAsync("a"), await StateAsync("b")]);

        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await watch.RunOnceAsync(CancellationToken.None));
        Assert.Equal(("down", "lease ran out"), await StateAsync("a"));
    }

    [Fact]
    public async Task What_an_account_would_be_told_does_not_hold_its_payments_up_behind_one_that_somebody_holds()
    {
        await JournalHost.AddDestinationAsync(made);
        await Sql.DoAsync(made.AppConnectionString, "UPDATE destinations SET events = ARRAY['adapter.state']");
        await using (await HeldLock.TakeAsync(made.AppConnectionString, "SELECT FROM account_heads FOR UPDATE"))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => adapters.Of("a").Register(Signal(60)));
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
        }

        await adapters.Of("a").Register(Signal(60));
        Assert.Equal(1, await Sql.AskAsync<long>(made.AppConnectionString, "SELECT count(*) FROM delivery_rows WHERE event_id IS NOT NULL"));
    }

    [Fact]
    public async Task Two_silos_put_an_adapter_down_once()
    {
        await adapters.Of("a").Register(Signal(5));
        clock.Advance(TimeSpan.FromSeconds(6));
        var looked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Watch().RunOnceAsync(CancellationToken.None)));
        Assert.Equal(1, looked.Sum());
        Assert.Single(announced, change => change.State == "down");
    }

    [Fact]
    public async Task A_heartbeat_that_comes_while_the_lease_is_looked_at_keeps_it_up()
    {
        await adapters.Of("a").Register(Signal(5));
        clock.Advance(TimeSpan.FromSeconds(6));
        var claimed = Assert.Single(await new Agenda(database).ClaimAsync(AdapterLeases.AgendaKind, 10, TimeSpan.FromSeconds(30), clock.GetUtcNow(), CancellationToken.None));
        await adapters.Of("a").Heartbeat(Signal(5));
        Assert.Null(await adapters.ExpireAsync(claimed, CancellationToken.None));
        Assert.Equal(("up", null), await StateAsync("a"));

        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, await Watch().RunOnceAsync(CancellationToken.None));
        Assert.Equal(("down", "lease ran out"), await StateAsync("a"));
    }

    private static AdapterSignal Signal(int seconds) => new(null, null, TimeSpan.FromSeconds(seconds));

    private AdapterLeases Watch() => new(new Agenda(database), adapters, clock, NullLogger<AdapterLeases>.Instance);

    private async Task<(string, string?)> StateAsync(string id)
    {
        var row = await store.FindAsync(id, CancellationToken.None);
        return (row!.Liveness.State, row.Liveness.Detail);
    }
}
