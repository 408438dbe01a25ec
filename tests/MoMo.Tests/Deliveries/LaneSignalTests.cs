using MoMo.Domain.Deliveries;
using MoMo.Tests.Support;

namespace MoMo.Tests.Deliveries;

/// <summary>What the work on a lane waits for: a signal that is missed would let it wait for ever.</summary>
public sealed class LaneSignalTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task One_that_was_given_before_ends_the_wait_at_once_until_it_is_taken_back()
    {
        using var signal = new LaneSignal(clock);
        signal.Give();
        Assert.True(await signal.WaitAsync(Long));
        Assert.True(await signal.WaitAsync());

        signal.TakeBack();
        var wait = signal.WaitAsync().AsTask();
        Assert.False(wait.IsCompleted);
        signal.Give();
        Assert.True(await wait);
    }

    [Fact]
    public async Task A_wait_ends_with_its_own_time_not_with_that_of_one_before()
    {
        using var signal = new LaneSignal(clock);
        var first = signal.WaitAsync(Long).AsTask();
        clock.Advance(Long / 2);
        signal.Give();
        Assert.True(await first);

        signal.TakeBack();
        var second = signal.WaitAsync(Long).AsTask();
        clock.Advance(Long / 2); // when the first would have ended
        Assert.False(second.IsCompleted);
        clock.Advance(Long / 2);
        Assert.False(await second);

        var endless = signal.WaitAsync().AsTask();
        clock.Advance(Long * 10);
        Assert.False(endless.IsCompleted);
        signal.Give();
        Assert.True(await endless);
    }

    [Fact]
    public async Task Time_that_is_over_while_nobody_waits_is_nobodys()
    {
        using var signal = new LaneSignal(clock);
        var first = signal.WaitAsync(Long).AsTask();
        signal.Give();
        Assert.True(await first);
        clock.Advance(Long);

        signal.TakeBack();
        var second = signal.WaitAsync(Long).AsTask();
        Assert.False(second.IsCompleted);
        clock.Advance(Long);
        Assert.False(await second);
    }

    [Fact]
    public async Task A_moment_is_waited_for_to_its_end()
    {
        using var signal = new LaneSignal(clock);
        var wait = signal.WaitAsync(TimeSpan.FromMicroseconds(300)).AsTask();
        clock.Advance(TimeSpan.FromMicroseconds(299));
        Assert.False(wait.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(await wait);
    }

    [Fact]
    public async Task Nothing_is_missed_however_givers_and_the_one_who_waits_meet()
    {
        const int Each = 20_000;
        using var signal = new LaneSignal(clock);
        var (given, seen) = (0, 0);
        var givers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var one = 0; one < Each; one++)
            {
                Interlocked.Increment(ref given);
                signal.Give();
            }
        })).ToArray();

        // Whoever takes back, looks, and then waits sees all: with the clock held, one miss is a wait for ever.
        while (true)
        {
            signal.TakeBack();
            seen = Volatile.Read(ref given);
            if (seen == givers.Length * Each) break;
            await signal.WaitAsync(Long).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        }

        await Task.WhenAll(givers);
        Assert.Equal(givers.Length * Each, seen);
    }
}
