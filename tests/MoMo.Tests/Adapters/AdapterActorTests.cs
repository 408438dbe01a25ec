using MoMo.Domain.Adapters;

namespace MoMo.Tests.Adapters;

public sealed class AdapterActorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly AdapterSignal Beat = new(null, null, TimeSpan.FromSeconds(60));

    [Fact]
    public void Registering_brings_it_up_for_as_long_as_its_lease()
    {
        var actor = new AdapterActor(AdapterLiveness.New);
        Assert.Equal(new AdapterLiveness("up", null, Start, Start, At(60)), actor.Register(Beat, Start));
        Assert.Equal(new AdapterLiveness("up", null, Start, At(50), At(110)), actor.Heartbeat(Beat, At(50)));
    }

    [Fact]
    public void Silence_past_the_lease_puts_it_down_and_a_heartbeat_up_again()
    {
        var actor = new AdapterActor(AdapterLiveness.New);
        actor.Register(Beat, Start);
        Assert.False(actor.Expire(At(59)));
        Assert.True(actor.Expire(At(60)));
        Assert.False(actor.Expire(At(61)));
        Assert.Equal(new AdapterLiveness("down", AdapterActor.LeaseRanOut, At(60), Start, null), actor.State);
        Assert.Equal(new AdapterLiveness("up", null, At(90), At(90), At(150)), actor.Heartbeat(Beat, At(90)));
    }

    [Fact]
    public void Who_says_that_it_is_down_stays_down_until_it_says_otherwise()
    {
        var actor = new AdapterActor(AdapterLiveness.New);
        actor.Register(Beat, Start);
        actor.Report(new AdapterSignal("down", "PSP maintenance", Beat.Lease), At(10));
        Assert.Equal(new AdapterLiveness("down", "PSP maintenance", At(10), At(20), null), actor.Heartbeat(Beat, At(20)));
        Assert.False(actor.Expire(At(1_000)));
        Assert.Equal("up", actor.Report(new AdapterSignal("up", null, Beat.Lease), At(1_001)).State);
    }

    [Fact]
    public void Closed_credentials_make_it_degraded_until_they_open_whatever_else_it_says()
    {
        var actor = new AdapterActor(AdapterLiveness.New);
        actor.Register(Beat, Start);
        Assert.True(actor.Unlock("no key", At(10)));
        Assert.False(actor.Unlock("no key", At(20)));
        Assert.Equal(new AdapterLiveness("degraded", "credentials: no key", At(10), At(30), At(90)), actor.Heartbeat(new AdapterSignal("up", null, Beat.Lease), At(30)));
        Assert.True(actor.Unlock("another", At(40)));
        Assert.Equal(("credentials: another", At(10)), (actor.State.Detail, actor.State.Since));
        Assert.True(actor.Unlock(null, At(50)));
        Assert.Equal(new AdapterLiveness("up", null, At(50), At(30), At(90)), actor.State);
        Assert.False(actor.Unlock(null, At(60)));

        // What it says itself of being down or degraded stays as it is.
        actor.Report(new AdapterSignal("degraded", "half of the lines are cut", Beat.Lease), At(70));
        Assert.False(actor.Unlock(null, At(80)));
        actor.Report(new AdapterSignal("down", "maintenance", Beat.Lease), At(90));
        Assert.False(actor.Unlock("no key", At(100)));
        Assert.Equal("maintenance", actor.State.Detail);
    }

    private static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);
}
