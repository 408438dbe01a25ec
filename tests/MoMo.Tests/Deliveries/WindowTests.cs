using System.Globalization;
using MoMo.Domain.Deliveries;
using MoMo.Storage;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Deliveries;

/// <summary>
/// A lane sleeps through what its destination is not told of, millions of payments perhaps. Whoever looks for what it is told of goes through them window
/// by window, and never for long while the account waits.
/// </summary>
public sealed class WindowTests : IAsyncLifetime
{
    private static readonly int Window = int.Parse((string)AppContext.GetData("MoMo.Deliveries.Window")!, CultureInfo.InvariantCulture);
    private static readonly long Told = (2 * Window) + 12; // the account's number of the only payment, besides the first, that the destination is told of

    private DeliveryRig rig = null!;
    private NpgsqlDataSource database = null!;
    private LaneStore lanes = null!;
    private long lane;

    public async Task InitializeAsync()
    {
        rig = await DeliveryRig.StartAsync(DestinationSettings.Ordinary with { Currencies = ["UGX"] });
        database = NpgsqlDataSource.Create(rig.Database.AppConnectionString);
        lanes = new LaneStore(database, rig.Clock, static (_, text) => text);
        lane = await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT lane FROM destinations");
        await rig.PayAsync("FIRST", "R", "UGX");
        (await rig.Receiver.NextAsync()).Deliver();
        await rig.RestedAsync();
        Assert.Equal(1, await MarkAsync());
        await AddAsync(2, Told - 1, "KES");
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        await rig.DisposeAsync();
    }

    [Fact]
    public async Task What_comes_after_many_that_it_is_not_told_of_is_delivered()
    {
        await rig.PayAsync("TOLD", "R", "UGX");
        (await rig.Receiver.NextAsync()).Deliver();
        await rig.RestedAsync();
        Assert.Equal(Told, await MarkAsync());
        Assert.Equal(2, await rig.CountAsync("SELECT count(*) FROM delivery_rows WHERE state = 'delivered'"));
    }

    [Fact]
    public async Task Whoever_lets_the_lane_go_looks_through_one_window_only()
    {
        await AddAsync(Told, Told, "UGX");
        foreach (var mark in (long[])[1 + Window, 1 + (2 * Window), Told - 1])
        {
            Assert.False(await ReleaseAsync());
            Assert.Equal(mark, await MarkAsync());
        }

        Assert.Equal(Told, Assert.Single(await DueAsync(DeliveryOrder.Reference)).Sequence);
    }

    [Theory]
    [InlineData(DeliveryOrder.Reference)]
    [InlineData(DeliveryOrder.Account)]
    public async Task Nothing_that_is_tried_again_overtakes_what_is_behind_the_window(DeliveryOrder order)
    {
        await AddAsync(Told, Told + 1, "UGX");
        await WriteAsync(Told + 1, "due_at");
        Assert.Equal([Told, Told + 1], (await DueAsync(order)).Select(one => one.Sequence));
    }

    [Fact]
    public async Task Nothing_behind_one_that_waits_is_passed_in_order_of_the_account()
    {
        await AddAsync(Told, Told + (2 * Window) + 5, "UGX");
        await WriteAsync(Told, "now() + interval '1 hour'");
        for (var look = 0; look < 4; look++) Assert.Empty(await DueAsync(DeliveryOrder.Account));
        Assert.True(await MarkAsync() < Told);
        await Sql.DoAsync(rig.Database.AppConnectionString, "UPDATE delivery_rows SET due_at = '2000-01-01' WHERE state = 'pending'");
        Assert.Equal([Told, Told + 1, Told + 2], (await DueAsync(DeliveryOrder.Account)).Select(one => one.Sequence).Take(3));
    }

    [Fact]
    public async Task One_that_is_sent_again_between_the_look_and_the_putting_off_is_not_overtaken()
    {
        await AddAsync(Told, Told + 2, "UGX");
        await WriteAsync(Told, "now() + interval '1 hour'");
        var first = await Sql.AskAsync<Guid>(rig.Database.AppConnectionString, $"SELECT id FROM delivery_rows WHERE sequence = {Told}");
        Task<DuePage> look;
        await using (await HeldLock.TakeAsync(rig.Database.AppConnectionString, "SELECT FROM lane_marks FOR UPDATE"))
        {
            // What was read waits to move the mark. Who holds one that has a row reads all kinds at once.
            var held = new HeldDeliveries([Guid.Empty]) { Reached = Told - 1 };
            look = lanes.DueAsync(lane, DeliveryOrder.Reference, 10, held, CancellationToken.None);
            await Eventually.TrueAsync(
                () => Sql.AskAsync<bool>(rig.Database.AppConnectionString, "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"),
                () => "the look to wait");
            await rig.Deliveries.RetryAsync(first, CancellationToken.None);
        }

        Assert.Equal(Told, (await look).Deliveries[0].Sequence);
    }

    [Fact]
    public async Task A_retry_brings_all_that_was_put_off_behind_it()
    {
        var last = Told + 2_500;
        await AddAsync(Told, last, "UGX");
        await WriteAsync(Told, last, "now() + interval '1 hour'");
        await Sql.DoAsync(rig.Database.AppConnectionString, $"UPDATE delivery_rows SET attempts = 0 WHERE sequence > {Told}");
        var first = await Sql.AskAsync<Guid>(rig.Database.AppConnectionString, $"SELECT id FROM delivery_rows WHERE sequence = {Told}");
        await rig.Deliveries.RetryAsync(first, CancellationToken.None);
        var soon = (rig.Clock.GetUtcNow() + TimeSpan.FromMinutes(1)).ToString("O");
        Assert.Equal(last - Told + 1, await rig.CountAsync($"SELECT count(*) FROM delivery_rows WHERE state = 'pending' AND due_at < '{soon}'"));
        Assert.Equal(1, await rig.CountAsync($"SELECT count(*) FROM agenda WHERE kind = 'lane' AND due_at < '{soon}'"));
    }

    [Fact]
    public async Task The_overview_counts_in_one_window_of_a_paused_lane()
    {
        await AddAsync(Told, Told, "UGX");
        await Sql.DoAsync(rig.Database.AppConnectionString, "UPDATE destinations SET paused = true");
        Assert.Equal(0, await PendingAsync());
        await Sql.DoAsync(rig.Database.AppConnectionString, $"UPDATE lane_marks SET mark = {Told - Window}");
        Assert.Equal(1, await PendingAsync());

        async Task<long> PendingAsync() => (await new OverviewStore(database).ReadAsync(CancellationToken.None)).Pending;
    }

    [Fact]
    public async Task Another_filter_and_the_removal_pass_all_of_them()
    {
        await rig.ChangeAsync(DestinationSettings.Ordinary with { Currencies = ["UGX", "TZS"] }, paused: true);
        Assert.Equal(Told - 1, await MarkAsync());
        await AddAsync(Told, Told + Window + 5, "KES");
        Assert.NotNull((await rig.Destinations.DeleteAsync("a0", "hook", giveUp: false, VersionMatch.Any, CancellationToken.None)).Accepted);
    }

    private async Task<IReadOnlyList<DueDelivery>> DueAsync(DeliveryOrder order) =>
        (await lanes.DueAsync(lane, order, 10, HeldDeliveries.None, CancellationToken.None)).Deliveries;

    private Task<long> MarkAsync() => rig.CountAsync("SELECT mark FROM lane_marks");

    /// <summary>As who holds the lane, and has nothing more.</summary>
    private async Task<bool> ReleaseAsync()
    {
        var lease = await Sql.AskAsync<long>(
            rig.Database.AppConnectionString, $"UPDATE agenda SET lease = lease + 1 WHERE kind = 'lane' AND key = '{lane}' RETURNING lease");
        return await lanes.ReleaseAsync(new LaneLease(lane, lease), 0, CancellationToken.None);
    }

    /// <summary>The delivery of a number was tried once, and is due again at a time.</summary>
    private Task WriteAsync(long number, string due) => WriteAsync(number, number, due);

    private Task WriteAsync(long from, long to, string due) => Sql.DoAsync(
        rig.Database.AppConnectionString,
        $"""
        INSERT INTO delivery_rows (id, lane, payment_id, account_id, sequence, order_key, due_at, created_at, state, attempts, waits)
        SELECT delivery_id(payment_id, lane), lane, payment_id, account_id, sequence, order_key, {due}, due_at, 'pending', 1, true
        FROM unwritten_deliveries WHERE sequence BETWEEN {from} AND {to}
        """);

    /// <summary>Payments of the account, from a number to a number, that wake nobody.</summary>
    private Task AddAsync(long from, long to, string currency) => Sql.DoAsync(
        rig.Database.AppConnectionString,
        $"""
        INSERT INTO payments (id, psp_id, psp_reference, account_id, sequence, reference_id, amount_minor, currency, paid_day_only, received_at, proof_pack,
            proof_position, proof_sha256)
        SELECT gen_random_uuid(), p.psp_id, 'S' || n, p.account_id, n, p.reference_id, 100, '{currency}', false, p.received_at, p.proof_pack, 0, p.proof_sha256
        FROM payments p, generate_series({from}, {to}) n WHERE p.sequence = 1;
        UPDATE account_heads SET sequence = {to} WHERE account_id = (SELECT account_id FROM destinations WHERE lane = {lane});
        """);
}
