using Microsoft.Extensions.Logging;
using Npgsql;

namespace MoMo.Storage.Catalog;

/// <summary>
/// Hears what any silo changed (<c>NOTIFY momo_changed</c>) and tells whoever caches it. When the connection was lost, something may have been
/// missed, and everything is forgotten.
/// </summary>
public sealed class ChangeFeed(NpgsqlDataSource database, Action<string> changed, Action missed, TimeProvider clock, ILogger<ChangeFeed> log)
    : RoundWorker("Listening to what other silos change", TimeSpan.FromSeconds(1), clock, log)
{
    /// <summary>The channel. Payloads are <c>kind:key</c>.</summary>
    public const string Channel = "momo_changed";

    /// <inheritdoc/>
    protected override async Task<bool> RoundAsync(CancellationToken stopping)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(stopping);
            connection.Notification += (_, notice) => changed(notice.Payload);
            await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(stopping);
            missed();
            while (true) await connection.WaitAsync(stopping);
        }
        catch (InvalidOperationException e)
        {
            // So the driver says that it had found the connection cut.
            throw new IOException(e.Message, e);
        }
        finally
        {
            missed();
        }
    }
}
