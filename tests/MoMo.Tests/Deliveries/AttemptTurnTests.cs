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
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var due = await DueAsync(rig, database, "R1");
        await RunAsync(new AttemptTurn(database), Failed(rig, due[0]), Arrived(rig, due[0]));
        Assert.Equal([("delivered", 1)], await StatesAsync(rig, due));
    }

    [Fact]
    public async Task Arrivals_are_recorded_though_others_of_the_turn_got_their_rows_meanwhile()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var due = await DueAsync(rig, database, "R1", "R2", "R3");
        var turn = new AttemptTurn(database);
        await rig.Deliveries.RetryAsync(due[0].Id, CancellationToken.None); // a row, and no attempt
        await RunAsync(turn, Failed(rig, due[1]));

        await RunAsync(turn, [.. due.Select(one => Arrived(rig, one))]);

        Assert.Equal([("delivered", 1), ("pending", 1), ("delivered", 1)], await StatesAsync(rig, due));
    }

    [Fact]
    public async Task What_was_tried_before_counts_once_beside_arrivals_that_got_their_rows_meanwhile()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var due = await DueAsync(rig, database, "R1", "R2", "R3");
        var turn = new AttemptTurn(database);
        await RunAsync(turn, Failed(rig, due[0]), Failed(rig, due[1]));

        await RunAsync(turn, Failed(rig, due[0], before: 1), Arrived(rig, due[1]), Arrived(rig, due[2]));

        Assert.Equal([("pending", 2), ("pending", 1), ("delivered", 1)], await StatesAsync(rig, due));
        Assert.Equal(3, await rig.CountAsync("SELECT count(*) FROM delivery_attempts"));
    }

    [Theory]
    [InlineData(AttemptVerdict.Retry, false, 1, "pending")]
    [InlineData(AttemptVerdict.Retry, true, 1, "pending")] // it would have been the last
    [InlineData(AttemptVerdict.Delivered, true, 1, "delivered")]
    [InlineData(AttemptVerdict.Retry, false, 0, "pending")] // it has no row when it is asked for
    [InlineData(AttemptVerdict.Retry, true, 0, "pending")]
    [InlineData(AttemptVerdict.Delivered, true, 0, "delivered")]
    public async Task What_a_person_asks_for_again_while_it_is_tried_is_due_as_he_said(AttemptVerdict verdict, bool last, int before, string state)
    {
        await using var rig = await DeliveryRig.StartAsync();
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var due = await DueAsync(rig, database, "R1");
        var turn = new AttemptTurn(database);
        if (before > 0) await RunAsync(turn, Failed(rig, due[0]));
        var dueBefore = before > 0 ? await Sql.AskAsync<DateTime>(rig.Database.AppConnectionString, "SELECT due_at FROM delivery_rows") : due[0].DueAt.UtcDateTime;
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await rig.Deliveries.RetryAsync(due[0].Id, CancellationToken.None);
        var (asked, now) = (rig.Clock.GetUtcNow(), rig.Clock.GetUtcNow() + TimeSpan.FromSeconds(10));

        await RunAsync(
            turn,
            new RecordAttempt(due[0].Id, before, new AttemptResult(verdict, 200, "no", null), now, last ? null : now + TimeSpan.FromHours(24))
            {
                DueBefore = dueBefore, Unwritten = before == 0 ? due[0].Unwritten : null,
            });

        Assert.Equal([(state, before + 1)], await StatesAsync(rig, due));
        Assert.Equal(state == "pending" ? 1 : 0, await rig.CountAsync(
            $"SELECT count(*) FROM delivery_rows WHERE state = 'pending' AND NOT waits AND due_at BETWEEN '{asked:O}'::timestamptz - interval '1 ms' AND '{asked:O}'"));
    }

    [Theory]
    [InlineData("COMMIT", "pending")]
    [InlineData("ROLLBACK", "delivered")]
    public async Task An_arrival_waits_for_whoever_is_giving_its_delivery_a_row(string end, string state)
    {
        await using var rig = await DeliveryRig.StartAsync();
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var due = await DueAsync(rig, database, "R1", "R2");
        await using var other = await database.OpenConnectionAsync();
        await DoAsync("BEGIN");
        await DoAsync(
            $"""
            INSERT INTO delivery_rows (id, lane, payment_id, account_id, sequence, due_at, created_at, state, attempts, waits)
            SELECT '{due[0].Id}', lane, payment_id, account_id, sequence, due_at, due_at, 'pending', 1, true FROM unwritten_deliveries
            WHERE payment_id = '{due[0].Payment!.Id}'
            """);

        var recorded = RunAsync(new AttemptTurn(database), [.. due.Select(one => Arrived(rig, one))]);
        await Eventually.TrueAsync(
            async () => await rig.CountAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1,
            () => "the turn waits");
        await DoAsync(end);
        await recorded;

        Assert.Equal([(state, 1), ("delivered", 1)], await StatesAsync(rig, due));

        async Task DoAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<IReadOnlyList<DueDelivery>> DueAsync(DeliveryRig rig, NpgsqlDataSource database, params string[] references)
    {
        foreach (var reference in references) await rig.PayAsync(reference);
        var lane = await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT lane FROM destinations");
        return (await new LaneStore(database, rig.Clock, static (_, text) => text)
            .DueAsync(lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, CancellationToken.None)).Deliveries;
    }

    private static RecordAttempt Arrived(DeliveryRig rig, DueDelivery due) =>
        new(due.Id, 0, new AttemptResult(AttemptVerdict.Delivered, 200, null, null), rig.Clock.GetUtcNow(), null) { Unwritten = due.Unwritten };

    private static RecordAttempt Failed(DeliveryRig rig, DueDelivery due, int before = 0)
    {
        var (result, now) = (new AttemptResult(AttemptVerdict.Retry, 503, "busy", null), rig.Clock.GetUtcNow());
        return new(due.Id, before, result, now, now + TimeSpan.FromHours(1)) { Unwritten = before == 0 ? due.Unwritten : null };
    }

    private static Task RunAsync(AttemptTurn turn, params RecordAttempt[] attempts) => turn.RunAsync(attempts, TurnPlace.First(), CancellationToken.None);

    private static async Task<(string State, int Attempts)[]> StatesAsync(DeliveryRig rig, IReadOnlyList<DueDelivery> due) =>
        [.. (await Task.WhenAll(due.Select(one => rig.Deliveries.FindAsync(one.Id, CancellationToken.None)))).Select(one => (one!.State, one.Attempts))];

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
