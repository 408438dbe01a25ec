using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Engine;
using MoMo.Storage;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Deliveries;

/// <summary>Deliveries that have no row before they are tried: none is lost, whatever becomes of their lane, their destination or those who work on it.</summary>
public sealed class UnwrittenTests
{
    [Fact]
    public async Task What_a_paused_destination_was_never_told_is_given_up_with_it_and_stays_as_history()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1", "r");
        (await rig.Receiver.NextAsync()).Fail();
        await rig.RestedAsync();
        await rig.ChangeAsync(DestinationSettings.Ordinary, paused: true);
        await rig.PayAsync("R2", "r");
        await rig.PayAsync("R3", "s");
        Assert.NotNull((await rig.Destinations.DeleteAsync("a0", "hook", giveUp: true, VersionMatch.Any, CancellationToken.None)).Accepted);
        Assert.Equal(3, await rig.CountAsync("SELECT count(*) FROM deliveries WHERE state = 'dead' AND sequence BETWEEN 1 AND 3"));
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM destinations"));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    private const string Rows = "SELECT count(*) FROM delivery_rows";
    private const string All = "SELECT count(*) FROM deliveries";

    [Fact]
    public async Task The_database_makes_the_same_ids_as_we()
    {
        var database = await JournalHost.PrepareAsync(1);
        var ids = new Ids();
        foreach (var lane in new[] { 1, 2, 255, 65_536, 0x8000_0000L, uint.MaxValue })
        {
            var payment = ids.Next();
            var made = await Sql.AskAsync<Guid>(database.AppConnectionString, $"SELECT delivery_id('{payment}', {lane})");
            Assert.Equal(made, DeliveryId.Of(payment, lane));
            Assert.NotEqual(payment, made);
            Assert.Equal(payment, DeliveryId.Of(made, lane));
        }
    }

    [Fact]
    public async Task A_payment_s_delivery_gets_its_row_when_it_was_tried()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var attempt = await rig.Receiver.NextAsync();
        Assert.Equal((0L, 1L), (await rig.CountAsync(Rows), await rig.CountAsync(All)));
        var waiting = (await rig.Deliveries.FindAsync(attempt.Delivery, CancellationToken.None))!;
        Assert.Equal(("pending", 0, 1L), (waiting.State, waiting.Attempts, waiting.Sequence));
        attempt.Deliver();
        var told = await rig.RecordedAsync(attempt.Delivery, 1);
        Assert.Equal(("delivered", waiting.PaymentId, waiting.CreatedAt), (told.State, told.PaymentId, told.CreatedAt));
        Assert.Equal((1L, 1L), (await rig.CountAsync(Rows), await rig.CountAsync(All)));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task Whoever_takes_a_lane_over_finds_what_was_not_recorded_and_nothing_else()
    {
        await using var rig = await DeliveryRig.StartAsync();
        foreach (var reference in new[] { "R1", "R2", "R3", "R4" }) await rig.PayAsync(reference);
        var attempts = await rig.Receiver.NextAsync(4);
        attempts[1].Deliver();
        attempts[3].Deliver();
        await Eventually.TrueAsync(async () => await rig.CountAsync(Rows) == 2, () => "two to be recorded");

        // The lane's mark is behind them all: nothing but the rows tells what is done.
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var lanes = new LaneStore(database, rig.Clock, static (_, text) => text);
        var lane = await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT lane FROM lane_marks WHERE mark = 0");
        foreach (var order in Enum.GetValues<DeliveryOrder>())
        {
            var due = (await lanes.DueAsync(lane, order, 10, HeldDeliveries.None, CancellationToken.None)).Deliveries;
            Assert.Equal([attempts[0].Delivery, attempts[2].Delivery], due.Select(one => one.Id));
        }

        var further = (await lanes.DueAsync(
            lane, DeliveryOrder.Reference, 10, new HeldDeliveries([attempts[0].Delivery]) { Unwritten = [(attempts[0].Delivery, 1)], Reached = 2 }, CancellationToken.None)).Deliveries;
        Assert.Equal(attempts[2].Delivery, Assert.Single(further).Id);
        attempts[0].Deliver();
        attempts[2].Deliver();
        await rig.RestedAsync();
        Assert.Equal(4L, await rig.CountAsync("SELECT mark FROM lane_marks"));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task An_outcome_that_another_silo_recorded_first_stays()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("R1");
        var attempt = await rig.Receiver.NextAsync();
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var lanes = new LaneStore(database, rig.Clock, static (_, text) => text);
        var lane = await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT lane FROM destinations");
        var due = Assert.Single((await lanes.DueAsync(lane, DeliveryOrder.Reference, 10, HeldDeliveries.None, CancellationToken.None)).Deliveries);
        attempt.Deliver();
        await rig.RecordedAsync(attempt.Delivery, 1);
        var late = new RecordAttempt(due.Id, 0, new AttemptResult(AttemptVerdict.Retry, 503, "busy", null), rig.Clock.GetUtcNow(), rig.Clock.GetUtcNow())
        {
            Unwritten = due.Unwritten,
        };
        await new AttemptTurn(database).RunAsync([late], TurnPlace.First(), CancellationToken.None);
        var told = (await rig.Deliveries.FindAsync(due.Id, CancellationToken.None))!;
        Assert.Equal(("delivered", 1), (told.State, told.Attempts));
        Assert.Equal(0L, await rig.CountAsync("SELECT count(*) FROM delivery_attempts"));
    }

    [Fact]
    public async Task A_long_backlog_is_passed_from_one_to_the_next_and_loses_nothing()
    {
        const int count = 1_600;
        var receiver = new FickleKind(new Random(9));
        var settings = DestinationSettings.Ordinary with { Order = DeliveryOrder.None, Breaker = false, ConcurrencyMax = 32, RetryWaits = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] };
        await using var rig = await DeliveryRig.StartWithAsync(receiver, settings);
        await rig.ChangeAsync(settings, paused: true);
        await Parallel.ForAsync(0, count, async (number, _) => await rig.PayAsync($"R{number}", null));
        await rig.ChangeAsync(settings, paused: false);
        foreach (var part in new[] { 200, 1_300 })
        {
            await rig.PassAsync(TimeSpan.FromHours(10), () => receiver.Arrived.Count >= part);
            await rig.RestartAsync();
            await using var source = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
            var (_, checks) = await new Verification(source).RunAsync(CancellationToken.None);
            Assert.Equal(0, Assert.Single(checks, one => one.Law.StartsWith("No lane has left out", StringComparison.Ordinal)).Broken);
        }

        await rig.PassAsync(TimeSpan.FromHours(10), () => receiver.Arrived.Count >= count);
        await Eventually.TrueAsync(async () => await rig.CountAsync($"{Rows} WHERE state = 'delivered'") == count, () => "all to be recorded");
        await rig.RestedAsync();
        Assert.Equal(count, await rig.CountAsync("SELECT mark FROM lane_marks"));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task One_on_its_way_is_not_found_again_though_what_is_below_it_has_to_be()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.PayAsync("A1", "A");
        var first = await rig.Receiver.NextAsync();
        for (var number = 2; number <= 100; number++) await rig.PayAsync($"A{number}", "A");
        await rig.PayAsync("B1", "B");
        var other = await rig.Receiver.NextAsync();
        Assert.Equal((1, 101), (first.Sequence, other.Sequence));

        // All that are behind it leave the memory, more than a page, and are put off; the other one has a higher number, is on its way, and has no row.
        first.Fail();
        await Eventually.TrueAsync(async () => await rig.CountAsync($"{Rows} WHERE waits") == 100, () => "all of the reference to be put off");
        other.Deliver();
        await rig.RecordedAsync(other.Delivery, 1);
        await rig.RestedAsync();
        Assert.Equal(0, rig.Receiver.Waiting);
        Assert.Equal(101L, await rig.CountAsync(Rows));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task Whoever_looks_on_knows_what_is_written_though_others_are_on_their_way()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.ChangeAsync(DestinationSettings.Ordinary, paused: true);
        for (var number = 1; number <= 15; number++) await rig.PayAsync($"A{number}", "A");
        await rig.PayAsync("B1", "B");
        await using var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        var lanes = new LaneStore(database, rig.Clock, static (_, text) => text);
        var lane = await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT lane FROM destinations");
        var due = (await lanes.DueAsync(lane, DeliveryOrder.None, 200, HeldDeliveries.None, CancellationToken.None)).Deliveries;
        var other = due[^1];
        var (now, later) = (rig.Clock.GetUtcNow(), rig.Clock.GetUtcNow() + TimeSpan.FromHours(1));
        var failed = new RecordAttempt(due[0].Id, 0, new AttemptResult(AttemptVerdict.Retry, 503, "busy", null), now, later)
        {
            Unwritten = due[0].Unwritten,
        };
        await new AttemptTurn(database).RunAsync([failed], TurnPlace.First(), CancellationToken.None);
        var held = new HeldDeliveries([other.Id]) { Unwritten = [(other.Id, other.Sequence)] };
        Assert.Equal((0, 15, 15), (held.Written, (held with { Reached = 25 }).Written, (held with { Reached = 15 }).Written));
        Assert.Empty((await lanes.DueAsync(lane, DeliveryOrder.Reference, 8, held, CancellationToken.None)).Deliveries);
        Assert.Equal(15L, await rig.CountAsync($"{Rows} WHERE waits"));
    }

    [Fact]
    public async Task Whether_something_was_tried_before_is_found_without_reading_what_was_delivered()
    {
        await using var rig = await DeliveryRig.StartAsync();
        var lane = await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT lane FROM destinations");
        await Sql.DoAsync(
            rig.Database.OwnerConnectionString,
            $"""
            INSERT INTO delivery_rows (id, lane, account_id, sequence, state, attempts, due_at, created_at, waits)
            SELECT gen_random_uuid(), {lane}, (SELECT account_id FROM destinations), n, CASE WHEN n <= 40000 THEN 'delivered' ELSE 'pending' END, 1,
                now() + interval '1 year', now(), true FROM generate_series(1, 50000) n;
            ANALYZE delivery_rows;
            """);
        var before = await ScansAsync();
        await using (var database = NpgsqlDataSource.Create(rig.Database.AppConnectionString))
        {
            var lanes = new LaneStore(database, rig.Clock, static (_, text) => text);
            foreach (var other in (long[])[lane, lane + 1])
                Assert.Empty((await lanes.DueAsync(other, DeliveryOrder.Reference, 10, HeldDeliveries.None, CancellationToken.None)).Deliveries);
        }

        // A connection tells what it did when it is closed.
        await Eventually.TrueAsync(async () => (await ScansAsync()).OfIndexes > before.OfIndexes, () => "the looks are counted");
        Assert.Equal(before.OfTable, (await ScansAsync()).OfTable);

        async Task<(long OfTable, long OfIndexes)> ScansAsync()
        {
            var scans = await Sql.AskAsync<long[]>(
                rig.Database.OwnerConnectionString, "SELECT array[seq_scan, coalesce(idx_scan, 0)] FROM pg_stat_user_tables WHERE relname = 'delivery_rows'");
            return (scans[0], scans[1]);
        }
    }

    [Fact]
    public async Task A_filter_that_changes_gives_a_row_to_each_of_a_long_backlog()
    {
        const int count = 2_300;
        await using var rig = await DeliveryRig.StartAsync();
        var settings = DestinationSettings.Ordinary;
        await rig.ChangeAsync(settings, paused: true);
        await Parallel.ForAsync(0, count, async (number, _) => await rig.PayAsync($"R{number}", null));
        await rig.ChangeAsync(settings with { Currencies = ["UGX"] }, paused: true);
        await rig.PayAsync("not told", null);
        Assert.Equal((count, count), (await rig.CountAsync($"{Rows} WHERE NOT waits AND attempts = 0"), await rig.CountAsync(All)));
        Assert.Equal(count, await rig.CountAsync("SELECT mark FROM lane_marks WHERE mark = since"));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task An_assigned_payment_s_delivery_is_of_the_time_when_it_was_assigned()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await using var silo = JournalHost.Start(rig.Database);
        var now = TimeProvider.System.GetUtcNow();
        var old = new Ids(new FakeTimeProvider(now - TimeSpan.FromDays(3)), new Random(1));
        var arrival = silo.Arrival(null, "R1") with { Id = old.Next(), ReceivedAt = now - TimeSpan.FromDays(3) };
        Assert.NotNull((await silo.Accounts.Of(null).Take(arrival)).Accepted);
        Assert.NotNull((await silo.Accounts.Of("a0").Assign(new AssignmentOrder(arrival.Id, "a0", null, "theirs", "test", now))).Accepted);
        var found = await rig.Deliveries.ListAsync(new DeliveryFilter { From = now - TimeSpan.FromHours(1) }, null, 10, CancellationToken.None);
        Assert.Equal(arrival.Id, Assert.Single(found.Accepted!).PaymentId);
    }
}
