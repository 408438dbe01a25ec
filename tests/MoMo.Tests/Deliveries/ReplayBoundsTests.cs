using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage;
using MoMo.Storage.Deliveries;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Deliveries;

/// <summary>How much a person can ask for by replays.</summary>
public sealed class ReplayBoundsTests
{
    private static readonly DeliveryFilter Dead = new() { State = "dead", AccountId = "a0" };

    [Fact]
    public async Task An_account_has_ten_replays_under_way_and_another_one_when_one_is_finished()
    {
        var database = await JournalHost.PrepareAsync(2);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        var (replays, agenda) = (new ReplayStore(source, new Ids(), TimeProvider.System), new Agenda(source));

        var asked = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => replays.BeginAsync(Dead, "a key", CancellationToken.None)));
        Assert.Equal(ReplayStore.RunningMax, asked.Count(one => one.Accepted is not null));
        Assert.All(asked.Where(one => one.Accepted is null), one => Assert.Equal("replays-full", one.Refused!.Code));
        Assert.NotNull((await replays.BeginAsync(Dead with { AccountId = "a1" }, "a key", CancellationToken.None)).Accepted);
        Assert.NotNull((await replays.BeginAsync(Dead with { AccountId = null }, "a key", CancellationToken.None)).Accepted);

        // There is nothing to send again, so the first batch is the end.
        foreach (var item in await agenda.ClaimAsync(ReplayStore.AgendaKind, 20, TimeSpan.FromMinutes(1), TimeProvider.System.GetUtcNow(), CancellationToken.None))
            Assert.Equal(0, await replays.StepAsync(item, CancellationToken.None));
        Assert.Equal(0L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM agenda WHERE kind = 'replay'"));
        Assert.NotNull((await replays.FindAsync(asked.First(one => one.Accepted is not null).Accepted!.Id!.Value, CancellationToken.None))!.FinishedAt);
        Assert.NotNull((await replays.BeginAsync(Dead, "a key", CancellationToken.None)).Accepted);
    }

    [Fact]
    public async Task A_replay_to_a_destination_that_is_gone_does_not_become_one_to_the_whole_account()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        var replays = new ReplayStore(source, new Ids(), TimeProvider.System);
        var asked = await replays.BeginAsync(Dead with { DestinationId = "gone" }, "a key", CancellationToken.None);
        Assert.Equal("destination-unknown", asked.Refused?.Code);
        Assert.Equal(0L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM replays"));
    }

    [Fact]
    public async Task One_that_is_stopped_sends_nothing_more()
    {
        await using var rig = await DeliveryRig.StartAsync(new DestinationSettings { Order = DeliveryOrder.None, RetryWaits = [] });
        await rig.PayAsync("R1");
        var attempt = await rig.Receiver.NextAsync();
        attempt.Fail();
        Assert.Equal("dead", (await rig.RecordedAsync(attempt.Delivery, 1)).State);

        await using var source = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var (replays, agenda) = (new ReplayStore(source, new Ids(), rig.Clock), new Agenda(source));
        var id = (await replays.BeginAsync(Dead, "a key", CancellationToken.None)).Accepted!.Id!.Value;
        await replays.StopAsync(id, CancellationToken.None);
        var stopped = (await replays.FindAsync(id, CancellationToken.None))!;
        Assert.Equal((1, 0), (stopped.Total, stopped.Replayed));
        Assert.NotNull(stopped.FinishedAt);

        var item = Assert.Single(await agenda.ClaimAsync(ReplayStore.AgendaKind, 1, TimeSpan.FromMinutes(1), rig.Clock.GetUtcNow(), CancellationToken.None));
        Assert.Equal(0, await replays.StepAsync(item, CancellationToken.None));
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM agenda WHERE kind = 'replay'"));
        Assert.Equal("dead", (await rig.Deliveries.FindAsync(attempt.Delivery, CancellationToken.None))!.State);
        rig.Advance(TimeSpan.FromHours(1));
        await replays.StopAsync(id, CancellationToken.None);
        Assert.Equal(stopped, await replays.FindAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task What_arrived_since_a_batch_chose_it_among_the_dead_is_not_sent_again()
    {
        await using var rig = await DeliveryRig.StartAsync(new DestinationSettings { Order = DeliveryOrder.None, RetryWaits = [] });
        foreach (var number in new[] { 1, 2 })
        {
            await rig.PayAsync($"R{number}");
            var attempt = await rig.Receiver.NextAsync();
            attempt.Fail();
            Assert.Equal("dead", (await rig.RecordedAsync(attempt.Delivery, 1)).State);
        }

        await using var source = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var (replays, agenda) = (new ReplayStore(source, new Ids(), rig.Clock), new Agenda(source));
        var begun = (await replays.BeginAsync(Dead, "a key", CancellationToken.None)).Accepted!;
        Assert.Equal(2, begun.Total);
        var item = Assert.Single(await agenda.ClaimAsync(ReplayStore.AgendaKind, 1, TimeSpan.FromMinutes(1), rig.Clock.GetUtcNow(), CancellationToken.None));
        Task<int> step;
        await using (await HeldLock.TakeAsync(rig.Database.AppConnectionString, "SELECT FROM account_heads WHERE account_id = 'a0' FOR UPDATE"))
        {
            step = replays.StepAsync(item, CancellationToken.None);
            await Eventually.TrueAsync(
                () => Sql.AskAsync<bool>(rig.Database.AppConnectionString, "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"),
                () => "the batch to wait for the account");
            await Sql.DoAsync(rig.Database.AppConnectionString, "UPDATE delivery_rows SET state = 'delivered' WHERE sequence = 1");
        }

        await step;
        Assert.Equal(
            "delivered pending",
            await Sql.AskAsync<string>(rig.Database.AppConnectionString, "SELECT string_agg(state, ' ' ORDER BY sequence) FROM deliveries"));
        Assert.Equal(1, (await replays.FindAsync(begun.Id!.Value, CancellationToken.None))!.Replayed);
    }

    [Fact]
    public async Task What_takes_too_long_to_count_is_refused_and_not_begun()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var source = NpgsqlDataSource.Create(database.AppConnectionString);
        var replays = new ReplayStore(source, new Ids(), TimeProvider.System);
        await using (await HeldLock.TakeAsync(database.OwnerConnectionString, "LOCK TABLE delivery_rows"))
        {
            Assert.Equal("list-too-wide", (await replays.CountAsync(Dead, CancellationToken.None)).Refused!.Code);
            Assert.Equal("list-too-wide", (await replays.BeginAsync(Dead, "a key", CancellationToken.None)).Refused!.Code);
        }

        Assert.Equal(0L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM replays"));
        Assert.Equal(0L, (await replays.CountAsync(Dead, CancellationToken.None)).Accepted!.Total);
    }
}
