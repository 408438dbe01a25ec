using Microsoft.Extensions.Logging;

namespace MoMo.Storage.Cluster;

/// <summary>Looks after the server while the silo runs: if it dies, it is started again, for as long as that takes.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stop = new();
    private readonly Func<bool> isAlive;
    private readonly Func<CancellationToken, Task> restart;
    private readonly PrivateClusterOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Task loop;

    public Supervisor(
        Func<bool> isAlive, Func<CancellationToken, Task> restart, PrivateClusterOptions options, TimeProvider clock, ILogger log)
    {
        (this.isAlive, this.restart, this.options, this.clock, this.log) = (isAlive, restart, options, clock, log);
        loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.LookEvery, clock, stop.Token);
                if (!isAlive()) await RestartAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task RestartAsync()
    {
        log.LogError("PostgreSQL has died; it is started again");
        for (var delay = DelayMin; ; delay = Min(delay * 2, options.RestartDelayMax))
        {
            try
            {
                await restart(stop.Token);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it is (no space, no memory), the hub can do nothing without its database but try again.
                log.LogError(e, "PostgreSQL could not be started again; the next try is in {Delay}", delay);
                await Task.Delay(delay, clock, stop.Token);
            }
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
