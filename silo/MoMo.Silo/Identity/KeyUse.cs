using MoMo.Storage.Management;

namespace MoMo.Silo.Identity;

/// <summary>Records in the background when keys were last used, many at once. Not worth a request's time, nor a retry.</summary>
internal sealed class KeyUse(KnownKeys keys, KeyStore store, ILogger<KeyUse> log) : BackgroundService
{
    private const int BatchMax = 1_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HashSet<string> batch = [];
        try
        {
            while (await keys.Used.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < BatchMax && keys.Used.TryRead(out var id)) batch.Add(id);
                await RecordAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task RecordAsync(HashSet<string> ids, CancellationToken cancellation)
    {
        try
        {
            await store.TouchAsync(ids, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("The use of {Count} keys was not recorded: {Reason}", ids.Count, e.Message);
        }
    }
}
