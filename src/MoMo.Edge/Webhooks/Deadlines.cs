using System.Collections.Concurrent;

namespace MoMo.Edge.Webhooks;

/// <summary>
/// Deadlines of attempts. One that did not pass serves again: a new one for each attempt would be a source, a link to another and a timer each time,
/// nearly always for nothing. The time is the network's own: a test that holds the clock must not make a silent receiver last for ever.
/// </summary>
internal sealed class Deadlines(TimeSpan timeout) : IDisposable
{
    private const int KeptMax = 1_024;

    private readonly ConcurrentQueue<CancellationTokenSource> kept = new();

    /// <summary>One that begins now; it goes back by <see cref="GiveBack"/>, whatever came of the attempt.</summary>
    public CancellationTokenSource Take()
    {
        if (!kept.TryDequeue(out var deadline)) deadline = new CancellationTokenSource();
        deadline.CancelAfter(timeout);
        return deadline;
    }

    /// <summary>The attempt has ended, and nobody else can cancel it any more.</summary>
    public void GiveBack(CancellationTokenSource deadline)
    {
        // Refused when it passed, be it this very moment.
        if (kept.Count < KeptMax && deadline.TryReset()) kept.Enqueue(deadline);
        else deadline.Dispose();
    }

    public void Dispose()
    {
        while (kept.TryDequeue(out var deadline)) deadline.Dispose();
    }
}
