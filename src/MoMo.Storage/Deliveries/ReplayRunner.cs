using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>Goes on with replays, a batch of each in turn. One silo at a time works on each.</summary>
public sealed class ReplayRunner(Agenda agenda, ReplayStore replays, Action wake, TimeProvider clock, ILogger<ReplayRunner> log) : BackgroundService
{
    private const int ClaimMax = 20;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Makes one batch of each replay that is due.</summary>
    /// <returns>Deliveries that were made due.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        var made = 0;
        foreach (var item in await agenda.ClaimAsync(ReplayStore.AgendaKind, ClaimMax, Lease, clock.GetUtcNow(), cancellation))
            made += await replays.StepAsync(item, cancellation);
        if (made > 0) wake();
        return made;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("Replays can't go on ({Reason}); trying again.", e.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(LookEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
