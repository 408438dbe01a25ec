using System.Diagnostics;
using System.Net;

namespace MoMo.Bench.Load;

/// <summary>
/// Payments over HTTP from one thread of this process: keep-alive connections, one request in flight on each, requests prebuilt. As fast as the
/// hub answers (closed loop), or at a steady rate whatever it does (open loop), where a payment's time counts from when it was due, so that a hub
/// that stalls is not spared the requests that would have come meanwhile.
/// </summary>
internal sealed class LoadGenerator : IDisposable
{
    private const long NumbersAtOnce = 1_000_000;
    private const int TicksPerSecond = 1_000; // a steady rate comes in ticks of one millisecond, the finest that epoll waits for
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(30);
    private static readonly long Frequency = TimeProvider.System.TimestampFrequency;

    private readonly Epoll epoll = new();
    private readonly Connection[] connections;
    private readonly Stack<int> idle = [];
    private readonly int[] ready = new int[512];

    public LoadGenerator(IPEndPoint address, string key, int connections, int accounts)
    {
        var request = new PaymentRequest(address, key, accounts);
        this.connections = [.. Enumerable.Range(0, connections).Select(name => new Connection(address, request, epoll, name))];
    }

    /// <summary>Makes load for a while, and waits for the answers to what is in flight then.</summary>
    /// <param name="length">How long.</param>
    /// <param name="perSecond">The steady rate; null for as fast as the hub answers.</param>
    /// <param name="takeNumbers">Gives the first of so many numbers that no payment has yet.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<LoadResult> RunAsync(TimeSpan length, double? perSecond, Func<long, long> takeNumbers, CancellationToken cancellation) =>
        Task.Factory.StartNew(
            () => Run(length, perSecond, takeNumbers, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var connection in connections) connection.Dispose();
        epoll.Dispose();
    }

    private LoadResult Run(TimeSpan length, double? perSecond, Func<long, long> takeNumbers, CancellationToken cancellation)
    {
        idle.Clear();
        for (var name = connections.Length - 1; name >= 0; name--)
        {
            connections[name].Open();
            idle.Push(name);
        }

        using var process = Process.GetCurrentProcess();
        var outcomes = new Outcomes();
        var processor = process.TotalProcessorTime;
        var numbers = new Numbers(takeNumbers, NumbersAtOnce);
        var began = Stopwatch.GetTimestamp();
        var end = began + (long)(length.TotalSeconds * Frequency);
        var due = perSecond is { } rate ? new Schedule(rate / TicksPerSecond, began, Frequency / TicksPerSecond) : null;
        while (Stopwatch.GetTimestamp() is var now && now < end)
        {
            cancellation.ThrowIfCancellationRequested();
            SendDue(due, now, numbers, outcomes);
            Receive(due is null ? 100 : 1, outcomes, end);
        }

        outcomes.Drop("not sent in time", due?.Left(end) ?? 0);
        Drain(outcomes, end, cancellation);
        process.Refresh();
        return outcomes.ToResult(length, process.TotalProcessorTime - processor);
    }

    /// <summary>Gives every idle connection a request, as far as any is due.</summary>
    private void SendDue(Schedule? due, long now, Numbers numbers, Outcomes outcomes)
    {
        while (idle.TryPeek(out var name))
        {
            var dueAt = now;
            if (due is not null && !due.TryTake(now, out dueAt)) return;
            idle.Pop();
            if (!connections[name].Send(numbers.Next(), dueAt)) Reopen(name, outcomes);
        }
    }

    private void Receive(int milliseconds, Outcomes outcomes, long end)
    {
        var count = epoll.Wait(milliseconds, ready);
        for (var place = 0; place < count; place++)
        {
            var connection = connections[ready[place]];
            var wasBusy = connection.Busy;
            var status = connection.Receive();
            if (status < 0)
            {
                Reopen(ready[place], wasBusy ? outcomes : null);
                continue;
            }

            if (status == 0 || !wasBusy) continue;
            outcomes.Answered(status, connection.DueAt, Stopwatch.GetTimestamp(), end);
            idle.Push(ready[place]);
        }
    }

    /// <summary>A connection was closed under us: what was in flight on it is lost to us.</summary>
    private void Reopen(int name, Outcomes? outcomes)
    {
        outcomes?.Drop("connection broken");
        connections[name].Open();
        if (outcomes is not null) idle.Push(name); // else it was idle before
    }

    private void Drain(Outcomes outcomes, long end, CancellationToken cancellation)
    {
        var until = Stopwatch.GetTimestamp() + (long)(DrainMax.TotalSeconds * Frequency);
        while (idle.Count < connections.Length && Stopwatch.GetTimestamp() < until)
        {
            cancellation.ThrowIfCancellationRequested();
            Receive(100, outcomes, end);
        }

        outcomes.Drop("unanswered", connections.Length - idle.Count);
    }
}
