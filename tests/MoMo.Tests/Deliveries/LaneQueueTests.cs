using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Tests.Deliveries;

/// <summary>What the work on a lane tells the store of those that have no row yet: never that all are here or written while one is neither.</summary>
public sealed class LaneQueueTests
{
    private static readonly Ids Ids = new();

    [Fact]
    public void Up_to_the_first_that_is_here_all_are_written()
    {
        var queue = new LaneQueue();
        Assert.Equal((0, 0), Known(queue));
        queue.Add([One(7), One(5), One(6)], DeliveryOrder.None);
        Assert.Equal((7, 4), Known(queue));
        var (first, second) = (queue.Take()!, queue.Take()!);
        Assert.Equal((5, 6), (first.Sequence, second.Sequence));
        Assert.Equal((7, 4), Known(queue));
        queue.Settle(second.Id, arrived: true, written: true);
        Assert.Equal((7, 4), Known(queue));
        queue.Settle(first.Id, arrived: true, written: true);
        Assert.Equal((7, 6), Known(queue));
        queue.Settle(queue.Take()!.Id, arrived: true, written: true);
        Assert.Equal((7, 7), Known(queue));
    }

    [Fact]
    public void What_is_dropped_has_to_be_found_again()
    {
        var queue = new LaneQueue();
        queue.Add([One(1, "a"), One(2, "b"), One(3, "a")], DeliveryOrder.Reference);
        var first = queue.Take()!;
        queue.Settle(first.Id, arrived: false, written: true);
        Assert.Equal((2, 1), Known(queue)); // what is below it stays known
        Assert.Equal(1, queue.Waiting);
        queue.Add([One(3, "a")], DeliveryOrder.Reference);
        Assert.Equal((3, 1), Known(queue));
        queue.Clear();
        Assert.Equal((1, 1), Known(queue));
    }

    [Fact]
    public void One_that_came_back_untried_has_to_be_found_again()
    {
        var queue = new LaneQueue();
        queue.Add([One(1), One(2), One(3)], DeliveryOrder.None);
        var taken = queue.Take(2);
        queue.Settle(taken[0].Id, arrived: true, written: true);
        queue.Settle(taken[1].Id, arrived: false, written: false);
        Assert.Equal((1, 1), Known(queue));
    }

    [Fact]
    public void One_that_failed_has_its_row()
    {
        var queue = new LaneQueue();
        queue.Add([One(1), One(2)], DeliveryOrder.None);
        queue.Settle(queue.Take()!.Id, arrived: false, written: true);
        Assert.Equal((2, 1), Known(queue));
    }

    [Fact]
    public void Those_with_a_row_say_nothing_of_others()
    {
        var queue = new LaneQueue();
        queue.Add([One(1), One(9) with { Unwritten = null }], DeliveryOrder.None);
        Assert.Equal((1, 0), Known(queue));
    }

    private static (long Reached, long Written) Known(LaneQueue queue) => (queue.Held.Reached, queue.Held.Written);

    private static DueDelivery One(long number, string? key = null)
    {
        var id = Ids.Next();
        return new DueDelivery(id, 0, null) { Sequence = number, OrderKey = key, Unwritten = new Delivery(id, 1, id, "a0", number, default) };
    }
}
