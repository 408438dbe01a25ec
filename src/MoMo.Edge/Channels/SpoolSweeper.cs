using Microsoft.Extensions.Hosting;

namespace MoMo.Edge.Channels;

/// <summary>Deletes, when the silo starts, the temporary folders that silos left behind which were killed: they hold secrets.</summary>
public sealed class SpoolSweeper : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        SpoolFolder.Sweep(Path.GetTempPath());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
