using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MoMo.Edge;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge;

public sealed class HostNamesTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Names_that_nobody_answers_for_take_no_thread_that_others_need_and_only_so_many_of_their_own()
    {
        using var go = new ManualResetEventSlim();
        var (asked, ofPool) = (new ConcurrentQueue<string>(), 0);
        using var names = new HostNames(host =>
        {
            asked.Enqueue(host);
            if (Thread.CurrentThread.IsThreadPoolThread) Interlocked.Increment(ref ofPool);
            go.Wait();
            return [IPAddress.Loopback];
        });

        var answers = Enumerable.Range(0, 2 * HostNames.OpenMax).Select(n => names.ResolveAsync($"host{n}", CancellationToken.None)).ToArray();
        await Eventually.TrueAsync(() => asked.Count >= HostNames.OpenMax, () => "the first to be asked for");
        Assert.Equal(HostNames.OpenMax, asked.Count);
        Assert.Equal(0, ofPool);

        go.Set();
        Assert.All(await Task.WhenAll(answers).WaitAsync(Patient), found => Assert.Equal([IPAddress.Loopback], found));
        Assert.Equal(answers.Length, asked.Count);
        Assert.Equal(0, ofPool);
    }

    [Fact]
    public async Task A_name_that_is_asked_for_already_is_not_asked_for_again_and_one_that_was_answered_is()
    {
        using var go = new ManualResetEventSlim();
        var asked = 0;
        using var names = new HostNames(_ =>
        {
            Interlocked.Increment(ref asked);
            go.Wait();
            return [IPAddress.Loopback];
        });

        using var late = new CancellationTokenSource();
        var (first, second) = (names.ResolveAsync("host", late.Token), names.ResolveAsync("HOST", CancellationToken.None));
        late.Cancel(); // ends the wait, not the question
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        go.Set();
        await second.WaitAsync(Patient);
        Assert.Equal(1, asked);
        await names.ResolveAsync("host", CancellationToken.None).WaitAsync(Patient);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData(HostNames.OpenMax / 2, true)]
    [InlineData(0, false)]
    public async Task When_places_are_rare_a_name_that_took_long_to_fail_leaves_its_own_to_others_for_a_while(int taken, bool leaves)
    {
        using var go = new ManualResetEventSlim();
        var (clock, mute, others) = (new FakeTimeProvider(), 0, 0);
        using var names = new HostNames(
            host =>
            {
                if (host != "mute")
                {
                    Interlocked.Increment(ref others);
                    go.Wait();
                    return [IPAddress.Loopback];
                }

                mute++;
                clock.Advance(TimeSpan.FromSeconds(5));
                throw new SocketException((int)SocketError.TryAgain);
            },
            clock);
        var waiting = Enumerable.Range(0, taken).Select(n => names.ResolveAsync($"host{n}", CancellationToken.None)).ToArray();
        await Eventually.TrueAsync(() => others == taken, () => "the others to be asked for");
        for (var again = 1; again <= 3; again++)
        {
            await Assert.ThrowsAsync<SocketException>(() => names.ResolveAsync("mute", CancellationToken.None));
            Assert.Equal(leaves ? 1 : again, mute);
        }

        clock.Advance(TimeSpan.FromSeconds(16));
        await Eventually.TrueAsync(
            async () =>
            {
                await Assert.ThrowsAsync<SocketException>(() => names.ResolveAsync("mute", CancellationToken.None));
                return mute >= 2;
            },
            () => "to be asked for again");
        go.Set();
        await Task.WhenAll(waiting).WaitAsync(Patient);
    }

    [Fact]
    public async Task A_name_that_there_is_not_is_told_each_time()
    {
        using var names = new HostNames(_ => throw new SocketException((int)SocketError.HostNotFound));
        await Assert.ThrowsAsync<SocketException>(() => names.ResolveAsync("none", CancellationToken.None));
        await Assert.ThrowsAsync<SocketException>(() => names.ResolveAsync("none", CancellationToken.None));
    }
}
