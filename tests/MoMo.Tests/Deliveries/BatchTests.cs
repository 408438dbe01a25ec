using MoMo.Domain.Deliveries;
using MoMo.Storage.Management;
using MoMo.Tests.Support;

namespace MoMo.Tests.Deliveries;

/// <summary>Kinds that take several deliveries at once, on a real database and a held clock.</summary>
public sealed class BatchTests
{
    private static readonly AttemptResult Arrived = new(AttemptVerdict.Delivered, null, null, null);
    private static readonly AttemptResult Failed = new(AttemptVerdict.Retry, null, "not now", null) { Cause = DeliveryCause.AccountUnreachable };

    [Theory]
    [InlineData(DeliveryOrder.Reference)]
    [InlineData(DeliveryOrder.Account)]
    [InlineData(DeliveryOrder.None)]
    public async Task One_batch_is_on_its_way_at_a_time_and_has_what_waits_up_to_its_limit(DeliveryOrder order)
    {
        var kind = new ScriptedBatchKind(new BatchRule(3, TimeSpan.Zero));
        await using var rig = await DeliveryRig.StartWithAsync(kind, new DestinationSettings { Order = order });
        await rig.PayAsync("R1", "a");
        var first = await kind.NextAsync();
        Assert.Equal([1], first.Numbers);
        foreach (var number in Enumerable.Range(2, 4)) await rig.PayAsync($"R{number}", "a");
        Assert.Equal(0, kind.Waiting);
        first.Answer.SetResult(Arrived);
        var next = await kind.NextAsync();
        Assert.Equal([2, 3, 4], next.Numbers);
        next.Answer.SetResult(Arrived);
        var last = await kind.NextAsync();
        Assert.Equal([5], last.Numbers);
        last.Answer.SetResult(Arrived);
        await rig.RestedAsync();
        Assert.Equal(5, await CountAsync(rig, "state = 'delivered'"));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Theory]
    [InlineData(DeliveryOrder.Reference)]
    [InlineData(DeliveryOrder.Account)]
    public async Task What_failed_together_comes_again_together_and_before_what_is_behind_it(DeliveryOrder order)
    {
        var kind = new ScriptedBatchKind(new BatchRule(3, TimeSpan.Zero));
        await using var rig = await DeliveryRig.StartWithAsync(kind, new DestinationSettings { Order = order });
        await rig.PayAsync("R1", "a");
        var first = await kind.NextAsync();
        foreach (var number in Enumerable.Range(2, 5)) await rig.PayAsync($"R{number}", "a");
        first.Answer.SetResult(Arrived);
        var failing = await kind.NextAsync();
        failing.Answer.SetResult(Failed);
        await rig.RestedAsync();
        Assert.Equal(0, kind.Waiting);
        Assert.Equal(3, await CountAsync(rig, "attempts = 1 AND state = 'pending' AND due_at = (SELECT min(due_at) FROM deliveries WHERE attempts = 1 AND state = 'pending')"));
        rig.Advance(TimeSpan.FromSeconds(10));
        var again = await kind.NextAsync();
        Assert.Equal([2, 3, 4], again.Numbers);
        again.Answer.SetResult(Arrived);
        var last = await kind.NextAsync();
        Assert.Equal([5, 6], last.Numbers);
        last.Answer.SetResult(Arrived);
        await rig.RestedAsync();
    }

    [Fact]
    public async Task Fewer_than_the_limit_wait_for_more_until_the_first_has_waited_enough()
    {
        // The rig's clock is an hour ahead of the payments.
        var kind = new ScriptedBatchKind(new BatchRule(3, TimeSpan.FromHours(2)));
        await using var rig = await DeliveryRig.StartWithAsync(kind);
        await rig.PayAsync("R1");
        await RestsAsync(rig);
        await rig.PayAsync("R2");
        Assert.Equal(0, kind.Waiting);
        await rig.PayAsync("R3");
        rig.Advance(TimeSpan.FromSeconds(31));
        var full = await kind.NextAsync();
        Assert.Equal([1, 2, 3], full.Numbers);
        full.Answer.SetResult(Arrived);
        await rig.RestedAsync();

        await rig.PayAsync("R4");
        await RestsAsync(rig);
        // In steps: a leap would outlast the lane's lease.
        await rig.PassAsync(TimeSpan.FromHours(3), () => kind.Waiting > 0);
        var late = await kind.NextAsync();
        Assert.Equal([4], late.Numbers);
        late.Answer.SetResult(Arrived);
        await rig.RestedAsync();
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task One_that_the_receiver_refuses_comes_to_stand_alone_and_the_others_arrive()
    {
        const long poison = 4;
        var refused = new AttemptResult(AttemptVerdict.Retry, 554, "no", null) { Cause = DeliveryCause.AccountRejected };
        var kind = new ScriptedBatchKind(new BatchRule(8, TimeSpan.Zero));
        await using var rig = await DeliveryRig.StartWithAsync(kind);
        await rig.PayAsync("R1", "a1");
        var first = await kind.NextAsync();
        foreach (var number in Enumerable.Range(2, 8)) await rig.PayAsync($"R{number}", $"a{number}");
        first.Answer.SetResult(Arrived);
        var attempts = 1L;
        List<int> lengths = [];
        while (await CountAsync(rig, "state = 'delivered'") < 8)
        {
            await rig.PassAsync(TimeSpan.FromHours(2), () => kind.Waiting > 0);
            var (numbers, answer) = await kind.NextAsync();
            var holds = numbers.Contains(poison);
            if (holds) lengths.Add(numbers.Length);
            answer.SetResult(holds ? refused : Arrived);
            attempts += numbers.Length;
            await Eventually.TrueAsync(
                async () => await Sql.AskAsync<long>(rig.Database.AppConnectionString, "SELECT sum(attempts) FROM deliveries") == attempts, () => "it to be recorded");
        }

        Assert.Equal([8, 4, 2, 1], lengths.Take(4));
        Assert.Equal(1, await CountAsync(rig, $"sequence = {poison} AND state = 'pending' AND attempts >= 3"));
        await JournalHost.AssertLawfulAsync(rig.Database);
    }

    [Fact]
    public async Task What_waited_for_its_turn_goes_nowhere_when_the_destination_was_paused_meanwhile()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var kind = new ScriptedBatchKind(new BatchRule(3, TimeSpan.Zero)) { Turn = turn.Task };
        await using var rig = await DeliveryRig.StartWithAsync(kind);
        await rig.PayAsync("R1");
        await Eventually.TrueAsync(() => kind.Asked == 1, () => "the batch to wait for its turn");
        await rig.ChangeAsync(DestinationSettings.Ordinary, paused: true);
        rig.Advance(TimeSpan.FromSeconds(11));
        turn.SetResult();
        await Eventually.TrueAsync(
            async () => kind.Waiting > 0 || await Sql.AskAsync<bool>(rig.Database.AppConnectionString, "SELECT leased_until = '-infinity' FROM agenda WHERE kind = 'lane'"),
            () => "the lane to be let go");
        Assert.Equal(0, kind.Waiting);
        Assert.Equal(1, await CountAsync(rig, "state = 'pending' AND attempts = 0"));

        await rig.ChangeAsync(DestinationSettings.Ordinary, paused: false);
        await rig.PassAsync(TimeSpan.FromHours(1), () => kind.Waiting > 0);
        (await kind.NextAsync()).Answer.SetResult(Arrived);
        await rig.RestedAsync();
    }

    private static Task RestsAsync(DeliveryRig rig) => Eventually.TrueAsync(
        () => Sql.AskAsync<bool>(
            rig.Database.AppConnectionString, "SELECT EXISTS (SELECT FROM lane_states s JOIN agenda g ON g.leased_until = s.rest_until WHERE g.kind = 'lane')"),
        () => "the lane to rest");

    private static Task<long> CountAsync(DeliveryRig rig, string condition) =>
        Sql.AskAsync<long>(rig.Database.AppConnectionString, $"SELECT count(*) FROM deliveries WHERE {condition}");
}
