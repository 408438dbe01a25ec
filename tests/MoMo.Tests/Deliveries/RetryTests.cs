using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Deliveries;

/// <summary>The whole life of a delivery that does not arrive, days of it, on a real database and a held clock.</summary>
public sealed class RetryTests
{
    [Fact]
    public async Task Who_was_tried_for_all_of_the_schedule_is_given_up_though_the_others_fail_only_since_a_moment_ago()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1", "x");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RecordedAsync(await rig.DeliveryAsync(1), 1);
        // All but its last attempt are made.
        var last = (rig.Clock.GetUtcNow() + TimeSpan.FromHours(76)).ToString("O");
        await Sql.DoAsync(rig.Database.AppConnectionString, $"UPDATE delivery_rows SET attempts = 9, due_at = '{last}'");
        rig.Advance(TimeSpan.FromHours(75.9));
        await rig.RestedAsync();
        await rig.PayAsync("R2", "y");
        (await rig.Receiver.NextAsync()).Deliver();
        await rig.PayAsync("R3", "z");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RecordedAsync(await rig.DeliveryAsync(3), 1);
        await Sql.DoAsync(rig.Database.AppConnectionString, $"UPDATE delivery_rows SET due_at = '{last}'::timestamptz + interval '1 day' WHERE sequence = 3");

        await rig.PassAsync(TimeSpan.FromHours(1), () => rig.Receiver.Waiting > 0);
        (await rig.Receiver.NextAsync()).Fail();
        Assert.Equal("dead", (await rig.RecordedAsync(await rig.DeliveryAsync(1), 10)).State);
    }

    [Fact]
    public async Task A_delivery_is_tried_for_three_days_then_waits_for_a_person_and_restarts_forget_nothing()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var began = rig.Clock.GetUtcNow();
        var due = began;
        var delivery = Guid.Empty;
        var whole = StandardWaits.All.Aggregate((sum, wait) => sum + wait);
        var number = 1;
        for (; ; number++)
        {
            var attempt = await rig.Receiver.NextAsync();
            delivery = attempt.Delivery;
            Assert.Equal(number, attempt.Number);
            Assert.True(attempt.At >= due, $"Attempt {number} came at {attempt.At}, before {due}.");
            attempt.Fail();
            var after = await rig.RecordedAsync(delivery, number);
            if (number > StandardWaits.All.Length && after.State == "dead") break;

            Assert.Equal("pending", after.State);
            due = after.DueAt;
            var wait = due - rig.Clock.GetUtcNow();
            // Chance may have made the schedule shorter than it is: then it ends with one attempt more.
            if (number > StandardWaits.All.Length) Assert.True(number == StandardWaits.All.Length + 1 && due - began >= whole, $"{number}: {due - began}");
            else Assert.InRange(wait, StandardWaits.All[number - 1] * 0.8, StandardWaits.All[number - 1] * 1.2);
            if (number is 3 or 7) await rig.RestartAsync();
            // An attempt that comes too early carries its time.
            rig.Advance(wait / 2);
            rig.Advance(wait - (wait / 2));
        }

        Assert.Equal("dead", (await rig.Deliveries.FindAsync(delivery, CancellationToken.None))!.State);
        Assert.InRange(rig.Clock.GetUtcNow() - began, whole, whole * 1.2);

        // Days later a person tries again.
        rig.Advance(TimeSpan.FromDays(7));
        await rig.Deliveries.RetryAsync(delivery, CancellationToken.None);
        rig.Advance(TimeSpan.Zero);
        var last = await rig.Receiver.NextAsync();
        Assert.Equal((delivery, number + 1), (last.Delivery, last.Number));
        last.Deliver();
        Assert.Equal("delivered", (await rig.RecordedAsync(delivery, number + 1)).State);
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_arrived_at_once_and_is_sent_again_keeps_its_first_attempt(bool bulk)
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var first = await rig.Receiver.NextAsync();
        first.Deliver();
        var arrived = await rig.RecordedAsync(first.Delivery, 1);
        var before = await rig.Deliveries.AttemptsAsync(arrived, CancellationToken.None);
        Assert.Equal((1, arrived.AttemptedAt), (Assert.Single(before).Number, before[0].At));
        Assert.Equal(0L, await rig.CountAsync("SELECT count(*) FROM delivery_attempts"));

        // Twice, of which one is told nothing new.
        for (var number = 2; number <= 3; number++)
        {
            rig.Advance(TimeSpan.FromHours(1));
            if (bulk) await ReplayAsync(rig);
            else await rig.Deliveries.RetryAsync(first.Delivery, CancellationToken.None);
            var waiting = (await rig.Deliveries.FindAsync(first.Delivery, CancellationToken.None))!;
            Assert.Equal(before[0], (await rig.Deliveries.AttemptsAsync(waiting, CancellationToken.None))[0]);
            rig.Advance(TimeSpan.Zero);
            (await rig.Receiver.NextAsync()).Deliver();
            var again = await rig.RecordedAsync(first.Delivery, number);
            var attempts = await rig.Deliveries.AttemptsAsync(again, CancellationToken.None);
            Assert.Equal(before[0], attempts[0]);
            Assert.Equal(Enumerable.Range(1, number), attempts.Select(one => one.Number));
            Assert.Equal(again.AttemptedAt, attempts[^1].At);
        }

        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task Who_lets_a_lane_go_leaves_behind_since_when_it_fails_until_it_does_not()
    {
        const string since = "SELECT count(failing_since) FROM lane_states";
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var first = await rig.Receiver.NextAsync();
        first.Fail();
        await rig.RecordedAsync(first.Delivery, 1);
        Assert.Equal(1L, await Sql.AskAsync<long>(rig.Database.AppConnectionString, since));

        await rig.RestartAsync();
        rig.Advance(TimeSpan.FromSeconds(10));
        (await rig.Receiver.NextAsync()).Deliver();
        await rig.RecordedAsync(first.Delivery, 2);
        Assert.Equal(0L, await Sql.AskAsync<long>(rig.Database.AppConnectionString, since));
    }

    [Fact]
    public async Task A_destination_whose_last_delivery_died_long_ago_is_not_paused_by_the_next_failure()
    {
        await using var rig = await DeliveryRig.StartAsync(new DestinationSettings { RetryWaits = [1] });
        await rig.PayAsync("R1");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RecordedAsync(await rig.DeliveryAsync(1), 1);
        rig.Advance(TimeSpan.FromSeconds(2));
        (await rig.Receiver.NextAsync()).Fail();
        Assert.Equal("dead", (await rig.RecordedAsync(await rig.DeliveryAsync(1), 2)).State);

        rig.Advance(TimeSpan.FromDays(8));
        await rig.PayAsync("R2");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RecordedAsync(await rig.DeliveryAsync(2), 1);
        Assert.False((await rig.Destinations.FindAsync("a0", "hook", CancellationToken.None))!.Paused);
        Assert.Empty(rig.Log.Said);
    }

    [Theory]
    [InlineData("a\0b ?", "c\0\n?", "a b \ufffd", "account_rejected")]
    [InlineData("poison", "poison", "The hub could not record what the receiver answered.", "hub_fault")]
    public async Task What_no_store_takes_of_an_answer_is_recorded_in_other_words_and_tried_again_on_its_schedule(
        string error, string excerpt, string kept, string cause)
    {
        await using var rig = await DeliveryRig.StartAsync();
        await Sql.DoAsync(rig.Database.OwnerConnectionString, "ALTER TABLE delivery_rows ADD CHECK (last_error <> 'poison')");
        await rig.PayAsync("R1");
        (await rig.Receiver.NextAsync()).Quote(error.Replace('?', '\ud83d'), excerpt.Replace('?', '\udc00')); // halves, which no attribute can hold
        var after = await rig.RecordedAsync(await rig.DeliveryAsync(1), 1);
        Assert.InRange(after.DueAt - rig.Clock.GetUtcNow(), StandardWaits.All[0] * 0.8, StandardWaits.All[0] * 1.2);
        var attempt = Assert.Single(await rig.Deliveries.AttemptsAsync(after, CancellationToken.None));
        Assert.Equal((kept, cause, error == "poison" ? null : "c \n\ufffd"), (attempt.Error, attempt.Cause, attempt.Excerpt));
    }

    [Fact]
    public async Task A_receiver_that_asks_for_time_gets_it()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var first = await rig.Receiver.NextAsync();
        first.Fail(TimeSpan.FromHours(2));
        var after = await rig.RecordedAsync(first.Delivery, 1);
        Assert.InRange(after.DueAt - first.At, TimeSpan.FromHours(2) - TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(2)); // kept to the microsecond

        rig.Advance(TimeSpan.FromHours(1));
        rig.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        var second = await rig.Receiver.NextAsync();
        Assert.True(second.At >= after.DueAt);
        second.Deliver();
        Assert.Equal("delivered", (await rig.RecordedAsync(first.Delivery, 2)).State);
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_over_and_not_at_the_next_look_at_the_agenda()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var first = await rig.Receiver.NextAsync();
        first.Fail();
        var due = (await rig.RecordedAsync(first.Delivery, 1)).DueAt;

        // Nobody wakes the deliverer, and it looks at the agenda once a minute.
        var second = rig.Receiver.NextAsync();
        await Eventually.TrueAsync(
            () =>
            {
                rig.Clock.Advance(TimeSpan.FromSeconds(0.1));
                return Task.FromResult(second.IsCompleted);
            },
            () => "the second attempt");
        Assert.InRange((await second).At - due, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_left_alone_and_its_payments_are_kept()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var first = await rig.Receiver.NextAsync();
        first.Leave();
        await rig.RecordedAsync(first.Delivery, 1);
        Assert.Equal("gone", (await rig.Destinations.FindAsync("a0", "hook", CancellationToken.None))!.PausedReason);
        Assert.Equal("Warning MoMo.Deliveries.Pause paused Account=a0 Destination=hook Reason=gone Why=its receiver answered 410 Gone.", Assert.Single(rig.Log.Said));

        await rig.PayAsync("R2");
        rig.Advance(TimeSpan.FromDays(4));
        await rig.RestartAsync();
        rig.Advance(TimeSpan.FromDays(4));
        Assert.NotNull((await rig.Destinations.ChangeAsync(
            "a0", "hook", DeliveryRig.Draft(), VersionMatch.Any, CancellationToken.None)).Accepted);
        rig.Advance(TimeSpan.Zero);

        // A lane that was paused goes slowly at first: one after another.
        List<ScriptedAttempt> again = [];
        for (var count = 0; count < 2; count++)
        {
            var attempt = await rig.Receiver.NextAsync();
            // Had one been made while it was paused, the numbers would be higher.
            Assert.Equal(attempt.Delivery == first.Delivery ? 2 : 1, attempt.Number);
            attempt.Deliver();
            again.Add(attempt);
        }

        Assert.Equal(2, again.Select(attempt => attempt.Delivery).Distinct().Count());
        foreach (var attempt in again) Assert.Equal("delivered", (await rig.RecordedAsync(attempt.Delivery, attempt.Number)).State);
        Assert.Single(rig.Log.Said); // it was paused once, and is told of once
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    private static async Task ReplayAsync(DeliveryRig rig)
    {
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var (replays, agenda) = (new ReplayStore(database, new Ids(), rig.Clock), new Agenda(database));
        var begun = await replays.BeginAsync(new DeliveryFilter { State = "delivered", AccountId = "a0" }, "a key", CancellationToken.None);
        Assert.Equal(1, begun.Accepted!.Total);
        var made = 0;
        // With the one before, which only finds that it is at its end.
        foreach (var item in await agenda.ClaimAsync(ReplayStore.AgendaKind, 10, TimeSpan.FromMinutes(1), rig.Clock.GetUtcNow(), CancellationToken.None))
            made += await replays.StepAsync(item, CancellationToken.None);
        Assert.Equal(1, made);
    }
}
