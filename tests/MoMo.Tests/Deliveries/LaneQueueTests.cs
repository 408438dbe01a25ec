using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Tests.Deliveries;

public sealed class LaneQueueTests
{
    [Fact]
    public void One_of_a_reference_is_on_its_way_at_a_time_and_others_are_not_held_up()
    {
        var queue = new LaneQueue();
        queue.Add([One(3, "r1"), One(1, "r1"), One(2, "r2"), One(4, null), One(5, null)], DeliveryOrder.Reference);
        Assert.Equal([1, 2, 4, 5], TakeAll(queue));
    }

    [Fact]
    public void The_order_of_an_account_lets_one_through_at_a_time_and_no_order_lets_all()
    {
        var strict = new LaneQueue();
        strict.Add([One(2, "r1"), One(1, null)], DeliveryOrder.Account);
        Assert.Equal([1], TakeAll(strict));
        var loose = new LaneQueue();
        loose.Add([One(2, "r1"), One(1, "r1")], DeliveryOrder.None);
        Assert.Equal([1, 2], TakeAll(loose));
    }

    [Fact]
    public void What_is_behind_a_failure_is_left_to_the_store_and_what_is_behind_a_success_goes_on()
    {
        var queue = new LaneQueue();
        queue.Add([One(1, "r1"), One(2, "r1"), One(3, "r2"), One(4, "r2")], DeliveryOrder.Reference);
        var (first, other) = (queue.Take()!, queue.Take()!);
        queue.Settle(first.Id, done: false);
        queue.Settle(other.Id, done: true);
        Assert.Equal([4], TakeAll(queue));
        Assert.Equal(0, queue.Waiting);
    }

    private readonly Ids ids = new();

    private DueDelivery One(long sequence, string? key) => new(ids.Next(), 0, null) { Sequence = sequence, OrderKey = key };

    private static List<long> TakeAll(LaneQueue queue)
    {
        List<long> taken = [];
        while (queue.Take() is { } one) taken.Add(one.Sequence);
        return taken;
    }
}
