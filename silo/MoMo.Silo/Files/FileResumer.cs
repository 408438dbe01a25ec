using MoMo.Domain;
using MoMo.Storage.Files;

namespace MoMo.Silo.Files;

/// <summary>Goes on with files whose reading a crash cut short. Two silos may both do it: nothing is taken twice.</summary>
internal sealed class FileResumer(FileStore store, FileIntake intake, IDirectory directory, TimeProvider clock, ILogger<FileResumer> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var file in store.UnfinishedAsync(clock.GetUtcNow(), stoppingToken))
            {
                if (await directory.FindAdapterAsync(file.Adapter, stoppingToken) is not { } adapter || !intake.Reads(adapter.Format)) continue;
                log.LogInformation("Going on with file {File} of adapter {Adapter}, which was not read to its end.", file.Id, file.Adapter);
                await intake.ReadAsync(adapter, file, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start goes on.
        }
        catch (Exception e)
        {
            log.LogWarning(e, "A file could not be read to its end; the next start tries again.");
        }
    }
}
