using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MoMo.Storage.Catalog;

/// <summary>
/// Hears what any silo changed (<c>NOTIFY momo_changed</c>) and tells whoever caches it. When the connection was lost, something may have been
/// missed, and everything is forgotten.
/// </summary>
public sealed class ChangeFeed(NpgsqlDataSource database, Action<string> changed, Action missed, TimeProvider clock, ILogger<ChangeFeed> log)
    : BackgroundService
{
    /// <summary>The channel. Payloads are <c>kind:key</c>.</summary>
    public const string Channel = "momo_changed";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, notice) => changed(notice.Payload);
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
                missed();
                while (true) await connection.WaitAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                missed();
                log.LogWarning("The feed of changes was cut ({Reason}); trying again.", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
