using Microsoft.Extensions.Options;
using MoMo.Edge.Channels;
using MoMo.Engine;
using MoMo.Storage;
using MoMo.Storage.Channels;
using Npgsql;

namespace MoMo.Silo.Channels;

/// <summary>Looks at channels when they are due. Several silos share the work: each look is claimed by one of them.</summary>
internal sealed class ChannelWorker(Agenda agenda, ChannelLook look, IOptions<ChannelOptions> options, TimeProvider clock, ILogger<ChannelWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> running = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                running.RemoveAll(task => task.IsCompleted);
                if (running.Count < options.Value.LooksMax)
                {
                    var due = await agenda.ClaimAsync(ChannelStore.AgendaKind, options.Value.LooksMax - running.Count, Lease, clock.GetUtcNow(), stoppingToken);
                    running.AddRange(due.Select(item => RunAsync(item, stoppingToken)));
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("Channels that are due can't be looked for ({Reason}); trying again.", e.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }

            await Task.Delay(LookEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(running);
    }

    /// <summary>Never throws: one channel's trouble is its own.</summary>
    private async Task RunAsync(AgendaItem item, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var keeping = KeepAsync(item, lost);
        try
        {
            await look.RunAsync(item, lost.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            await LetGoAsync(item, TimeSpan.Zero);
        }
        catch (Exception e)
        {
            // The database is away, the hub is busy, or a fault of ours: nothing was recorded, so the look is due again.
            if (e is NpgsqlException or TimeoutException or HubBusyException)
                log.LogWarning("The channel of adapter {Adapter} could not be looked at: {Reason}", item.Key, e.Message);
            else log.LogError(e, "The channel of adapter {Adapter} could not be looked at.", item.Key);
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
            // The look is over.
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            // What can't be kept may be another silo's soon.
            log.LogWarning("The lease of adapter {Adapter}'s channel could not be kept: {Reason}", item.Key, e.Message);
            await lost.CancelAsync();
        }
    }

    private async Task LetGoAsync(AgendaItem item, TimeSpan pause)
    {
        try
        {
            await agenda.ReleaseAsync(item, clock.GetUtcNow() + pause, CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or ObjectDisposedException)
        {
            log.LogWarning("The channel of adapter {Adapter} is looked at again when its lease ends: {Reason}", item.Key, e.Message);
        }
    }
}
