using System.Globalization;
using MoMo.Domain.Adapters;

namespace MoMo.Tests.Adapters;

public sealed class AdapterActivityTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly AdapterSignal Beat = new(null, null, TimeSpan.FromHours(1));

    [Theory]
    [InlineData("2026-03-02T00:59:59Z", 0)]
    [InlineData("2026-03-04T13:00:00Z", 61)]
    [InlineData("2026-03-08T23:30:00Z", 167)]
    [InlineData("2026-03-09T01:00:00+03:00", 166)]
    public void Hours_of_the_week_count_from_monday_in_utc(string time, int hour) =>
        Assert.Equal(hour, AdapterActivity.HourOfWeek(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));

    [Fact]
    public void What_is_usual_is_summed_by_parts_of_hours()
    {
        var usual = Enumerable.Repeat((Payments: 0L, Weeks: 4), 168).ToArray();
        (usual[0], usual[1]) = ((400, 4), (40, 2));
        Assert.Equal(50m + 5m, AdapterActivity.Usual(usual, Monday.AddMinutes(30), Monday.AddMinutes(75)));
        Assert.Equal(0m, AdapterActivity.Usual(usual, Monday.AddHours(5), Monday.AddHours(20)));
        Assert.Equal(120m, AdapterActivity.Usual(usual, Monday.AddDays(-30), Monday));
        usual[1] = (40, 1);
        Assert.Null(AdapterActivity.Usual(usual, Monday.AddMinutes(30), Monday.AddMinutes(75)));
    }

    [Theory]
    [InlineData(19, 60, 0, 0, "up")]
    [InlineData(20, 9, 0, 0, "up")]
    [InlineData(20, 10, 0, 0, "silent")]
    [InlineData(0, 60, 40, 10, "degraded")]
    [InlineData(0, 60, 41, 10, "up")]
    [InlineData(0, 60, 0, 9, "up")]
    public void Quiet_adapters_do_not_cry(int expected, int minutes, int taken, int refused, string state) =>
        Assert.Equal(state, new AdapterActivity(Monday, expected, TimeSpan.FromMinutes(minutes), taken, refused).Judge().State);

    [Fact]
    public void Only_a_payment_ends_silence()
    {
        var actor = new AdapterActor(AdapterLiveness.New);
        actor.Register(Beat, Monday);
        Assert.True(actor.Watch(Silent(Monday), Monday.AddMinutes(30)));
        Assert.Equal("silent", actor.Heartbeat(Beat, Monday.AddMinutes(31)).State);
        Assert.Equal("silent", actor.Report(Beat with { State = "up" }, Monday.AddMinutes(32)).State);
        Assert.False(actor.Watch(Well(Monday), Monday.AddMinutes(33)));
        Assert.True(actor.Watch(Well(Monday.AddMinutes(40)), Monday.AddMinutes(41)));
        Assert.Equal("up", actor.State.State);
    }

    [Fact]
    public void Who_is_down_or_says_that_it_is_degraded_is_left_in_peace()
    {
        var actor = new AdapterActor(AdapterLiveness.New);
        actor.Report(Beat with { State = "degraded", Detail = "half of the lines are dead" }, Monday);
        Assert.False(actor.Watch(Silent(Monday), Monday.AddMinutes(30)));
        Assert.Equal("half of the lines are dead", actor.Heartbeat(Beat, Monday.AddMinutes(31)).Detail);
        Assert.True(actor.Expire(Monday.AddHours(3)));
        Assert.False(actor.Watch(Silent(Monday), Monday.AddHours(4)));
        Assert.Equal("down", actor.State.State);
    }

    private static AdapterActivity Silent(DateTimeOffset last) => new(last, 50, TimeSpan.FromMinutes(30), 0, 0);

    private static AdapterActivity Well(DateTimeOffset last) => new(last, 0, TimeSpan.FromMinutes(1), 5, 0);
}
