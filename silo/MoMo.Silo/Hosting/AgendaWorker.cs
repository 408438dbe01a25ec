using MoMo.Engine;
using MoMo.Storage;
using Npgsql;

namespace MoMo.Silo.Hosting;

/// <summary>Does one kind of work of the agenda when it is due. Several silos share it: each piece is claimed by one of them.</summary>
/// <param name="agenda">Says what is due.</param>
/// <param name="kind">Kind of work.</param>
/// <param name="what">What is worked on, for people, such as <c>The channel of adapter</c>; its key follows.</param>
/// <param name="runningMax">Pieces at once at most.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="log">Told about trouble.</param>
internal abstract class AgendaWorker(Agenda agenda, string kind, string what, int runningMax, TimeProvider clock, ILogger log)
    : RoundWorker($"Looking for what is due ({kind})", LookEvery, clock, log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(10);

    private readonly TimeProvider clock = clock;
    private readonly ILogger log = log;
    private readonly List<Task> running = [];

    /// <summary>Does one piece, and lets go of it.</summary>
    /// <param name="item">Ours as long as this runs.</param>
    /// <param name="cancellation">The silo ends, or the piece is no longer ours: record nothing more.</param>
    protected abstract Task WorkAsync(AgendaItem item, CancellationToken cancellation);

    protected sealed override async Task<bool> RoundAsync(CancellationToken stopping)
    {
        running.RemoveAll(task => task.IsCompleted);
        if (running.Count == runningMax) return false;
        var due = await agenda.ClaimAsync(kind, runningMax - running.Count, Lease, clock.GetUtcNow(), stopping);
        running.AddRange(due.Select(item => RunAsync(item, stopping)));
        return false;
    }

    protected sealed override Task EndAsync() => Task.WhenAll(running);

    /// <summary>Never throws: the trouble of one piece is its own.</summary>
    private async Task RunAsync(AgendaItem item, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var keeping = KeepAsync(item, lost);
        try
        {
            await WorkAsync(item, lost.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            await LetGoAsync(item, TimeSpan.Zero);
        }
        catch (Exception e)
        {
            // The database is away, the hub is busy, or a fault of ours: what was not recorded is due again.
            if (e is NpgsqlException or TimeoutException or HubBusyException)
                log.LogWarning("{What} {Key} could not be worked on: {Reason}", what, item.Key, e.Message);
            else log.LogError(e, "{What} {Key} could not be worked on.", what, item.Key);
            await LetGoAsync(item, TroublePause);
        }
        finally
        {
            await lost.CancelAsync();
            await keeping;
        }
    }

    private async Task KeepAsync(AgendaItem item, CancellationTokenSource lost)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Lease / 3, clock, lost.Token);
                if (await agenda.RenewAsync(item, clock.GetUtcNow() + Lease, lost.Token)) continue;
                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
        catch (Exception e)
        {
            // What can't be kept may be another silo's soon.
            log.LogWarning("The lease of {Kind} {Key} could not be kept: {Reason}", kind, item.Key, e.Message);
            await lost.CancelAsync();
        }
    }

    private async Task LetGoAsync(AgendaItem item, TimeSpan pause)
    {
        try
        {
            await agenda.ReleaseAsync(item, clock.GetUtcNow() + pause, CancellationToken.None);
        }
        catch (Exception e)
        {
            log.LogWarning("{What} {Key} is worked on again when its lease ends: {Reason}", what, item.Key, e.Message);
        }
    }
}
