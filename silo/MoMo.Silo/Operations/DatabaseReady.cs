using Microsoft.Extensions.Diagnostics.HealthChecks;
using MoMo.Storage;
using Npgsql;

namespace MoMo.Silo.Operations;

/// <summary>Ready: the database answers, has every migration that this program brings, and none of a later version that it can't work with.</summary>
internal sealed class DatabaseReady(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var missing = await Migrator.MissingAsync(database, cancellationToken);
            if (missing.Count > 0) return HealthCheckResult.Unhealthy($"The database lacks {missing.Count} migrations, the first is {missing[0]}.");
            return await Migrator.NewerAsync(database, cancellationToken) is [var newer, ..]
                ? HealthCheckResult.Unhealthy($"The database is of a later version, which this program can't work with: it has {newer}.")
                : HealthCheckResult.Healthy("The database answers and is migrated.");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or IOException)
        {
            // Anybody may read this, so it says nothing of where the database is.
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
