using System.Runtime.Versioning;
using MoMo.Bench.Load;

namespace MoMo.Tests.Bench;

[SupportedOSPlatform("linux")]
public sealed class ScheduleTests
{
    [Fact]
    public void A_steady_rate_stays_steady_and_a_late_request_keeps_the_time_it_was_due()
    {
        var schedule = new Schedule(perTick: 2.5, began: 1_000, tick: 10);
        Assert.Equal([1_000, 1_000, 1_000], Take(schedule, 1_009));
        Assert.Equal([1_010, 1_010, 1_020, 1_020, 1_020], Take(schedule, 1_020));
        Assert.Equal([1_030, 1_030, 1_040, 1_040, 1_040], Take(schedule, 1_049)); // as long as nobody asked, they still were due then
    }

    [Fact]
    public void What_nobody_took_until_the_end_is_counted()
    {
        var schedule = new Schedule(perTick: 2, began: 0, tick: 10);
        Take(schedule, 10);
        Assert.Equal(16, schedule.Left(100));
    }

    private static List<long> Take(Schedule schedule, long now)
    {
        List<long> taken = [];
        while (schedule.TryTake(now, out var dueAt)) taken.Add(dueAt);
        return taken;
    }
}
