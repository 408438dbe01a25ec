using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Deliveries;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Deliveries;

/// <summary>What came of an attempt may be recorded again and counts once; so whatever hinders the statement for a moment loses no outcome.</summary>
public sealed class AttemptTurnTests
{
    private static readonly string OneWaits = $"SELECT count(*) FROM pg_stat_activity WHERE {Waiting}";

    private const string Waiting = "datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%delivery_attempts%' AND pid <> pg_backend_pid()";

    [Fact]
    public async Task A_lock_that_was_waited_for_too_long_means_that_the_turn_is_lost()
    {
        await using var rig = await DeliveryRig.StartAsync();
        var first = await AttemptAsync(rig);
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(rig.Database.AppConnectionString) { Options = "-c lock_timeout=50ms" }.ConnectionString);
        await using (await HeldLock.TakeAsync(rig.Database.OwnerConnectionString, "SELECT FROM delivery_rows FOR UPDATE"))
            await Assert.ThrowsAsync<TurnLostException>(() => new AttemptTurn(database).RunAsync([Record(rig, first.Delivery).Attempt], TurnPlace.First(), CancellationToken.None));
        first.Deliver();
        Assert.Equal("delivered", (await rig.RecordedAsync(first.Delivery, 1)).State);
    }

    [Fact]
    public async Task An_outcome_whose_connection_is_cut_is_recorded_on_another_one_and_once()
    {
        await using var rig = await DeliveryRig.StartAsync();
        var first = await AttemptAsync(rig);
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        await using var outcomes = new Journal<RecordAttempt>(new AttemptTurn(database), new JournalOptions { WritersMax = 1 }, TimeProvider.System);
        var ((one, recorded), (same, repeated)) = (Record(rig, first.Delivery), Record(rig, first.Delivery));
        await using (await HeldLock.TakeAsync(rig.Database.OwnerConnectionString, "SELECT FROM delivery_rows FOR UPDATE"))
        {
            outcomes.Submit(one);
            await Eventually.TrueAsync(async () => await Sql.AskAsync<long>(rig.Database.OwnerConnectionString, OneWaits) == 1, () => "the turn waits");
            await Sql.DoAsync(rig.Database.OwnerConnectionString, $"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {Waiting}");
            await Eventually.TrueAsync(async () => await Sql.AskAsync<long>(rig.Database.OwnerConnectionString, OneWaits) == 1, () => "it waits again");
        }

        await recorded;
        outcomes.Submit(same);
        await repeated;
        Assert.Equal(1, (await rig.Deliveries.FindAsync(first.Delivery, CancellationToken.None))!.Attempts);
        first.Deliver();
    }

    [Fact]
    public async Task Two_works_on_one_lane_may_record_the_same_first_attempt_in_one_turn()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var first = await rig.Receiver.NextAsync();
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var lane = await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT lane FROM destinations");
        var due = await new LaneStore(database, rig.Clock, static (_, text) => text)
            .DueAsync(lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, CancellationToken.None);
        var now = rig.Clock.GetUtcNow();
        var failed = new RecordAttempt(due[0].Id, 0, new AttemptResult(AttemptVerdict.Retry, 503, "busy", null), now, now) { Unwritten = due[0].Unwritten };
        var arrived = new RecordAttempt(due[0].Id, 0, new AttemptResult(AttemptVerdict.Delivered, 200, null, null), now, null) { Unwritten = due[0].Unwritten };
        await new AttemptTurn(database).RunAsync([failed, arrived], TurnPlace.First(), CancellationToken.None);
        Assert.Equal("delivered", (await rig.Deliveries.FindAsync(first.Delivery, CancellationToken.None))!.State);
        first.Deliver();
    }

    [Fact]
    public async Task Arrivals_are_recorded_though_others_of_the_turn_got_their_rows_meanwhile()
    {
        await using var rig = await DeliveryRig.StartAsync();
        foreach (var reference in (string[])["R1", "R2", "R3"]) await rig.PayAsync(reference);
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var lane = await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT lane FROM destinations");
        var due = await new LaneStore(database, rig.Clock, static (_, text) => text)
            .DueAsync(lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, CancellationToken.None);
        var (turn, now) = (new AttemptTurn(database), rig.Clock.GetUtcNow());
        await rig.Deliveries.RetryAsync(due[0].Id, CancellationToken.None); // a row, and no attempt
        await turn.RunAsync([Ended(due[1], AttemptVerdict.Retry, now + TimeSpan.FromHours(1))], TurnPlace.First(), CancellationToken.None);

        await turn.RunAsync([.. due.Select(one => Ended(one, AttemptVerdict.Delivered, null))], TurnPlace.First(), CancellationToken.None);

        var states = await Task.WhenAll(due.Select(one => rig.Deliveries.FindAsync(one.Id, CancellationToken.None)));
        Assert.Equal([("delivered", 1), ("pending", 1), ("delivered", 1)], states.Select(one => (one!.State, one.Attempts)));

        RecordAttempt Ended(DueDelivery one, AttemptVerdict verdict, DateTimeOffset? next) =>
            new(one.Id, 0, new AttemptResult(verdict, 200, null, null), now, next) { Unwritten = one.Unwritten };
    }

    private static async Task<ScriptedAttempt> AttemptAsync(DeliveryRig rig)
    {
        await rig.PayAsync("R1");
        var attempt = await rig.Receiver.NextAsync();
        await rig.Deliveries.RetryAsync(attempt.Delivery, CancellationToken.None); // gives it the row that is locked here
        return attempt;
    }

    private static (RecordAttempt Attempt, Task Recorded) Record(DeliveryRig rig, Guid delivery)
    {
        var recorded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (result, now) = (new AttemptResult(AttemptVerdict.Retry, 503, "busy", null), rig.Clock.GetUtcNow());
        return (new RecordAttempt(delivery, 0, result, now, now + TimeSpan.FromHours(1)) { Ended = Told }, recorded.Task);

        void Told(RecordAttempt attempt, Exception? fault)
        {
            if (fault is null) recorded.SetResult();
            else recorded.SetException(fault);
        }
    }
}
