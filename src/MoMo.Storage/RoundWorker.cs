using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MoMo.Storage;

/// <summary>
/// Does something again and again for as long as the silo runs. Whatever goes wrong in a round is logged, and the next one comes after the wait: no
/// fault in one kind of background work ends it for good, or the silo with it.
/// </summary>
/// <param name="what">What is done, for people, such as <c>Going on with replays</c>.</param>
/// <param name="pause">How long to wait after a round.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="log">Told about trouble.</param>
public abstract class RoundWorker(string what, TimeSpan pause, TimeProvider clock, ILogger log) : BackgroundService
{
    /// <summary>Whether the first round comes after the first wait; false by default.</summary>
    protected virtual bool RestsFirst => false;

    /// <summary>Does it once.</summary>
    /// <param name="stopping">The silo ends.</param>
    /// <returns>Whether there is more to do at once, without a wait.</returns>
    protected abstract Task<bool> RoundAsync(CancellationToken stopping);

    /// <summary>Does what remains after the last round, when the silo ends; nothing by default.</summary>
    protected virtual Task EndAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rests = RestsFirst;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (rests) await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            rests = stoppingToken.IsCancellationRequested || !await TryAsync(() => RoundAsync(stoppingToken), stoppingToken);
        }

        await TryAsync(
            async () =>
            {
                await EndAsync();
                return false;
            },
            stoppingToken);
    }

    /// <summary>Does something for each, one after another; one that goes wrong is logged and keeps no other waiting.</summary>
    protected async Task EachAsync<T>(IEnumerable<T> items, Func<T, Task> work, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (var item in items)
        {
            stopping.ThrowIfCancellationRequested();
            await TryAsync(
                async () =>
                {
                    await work(item);
                    return true;
                },
                stopping);
        }
    }

    private async Task<bool> TryAsync(Func<Task<bool>> round, CancellationToken stopping)
    {
        try
        {
            return await round();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The silo ends.
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            log.LogWarning("{What} met trouble ({Reason}); trying again.", what, e.Message);
        }
        catch (Exception e)
        {
            log.LogError(e, "{What} met a fault of the hub's own; trying again.", what);
        }

        return false;
    }
}
