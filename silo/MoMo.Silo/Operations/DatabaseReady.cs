using Microsoft.Extensions.Diagnostics.HealthChecks;
using MoMo.Storage;
using Npgsql;

namespace MoMo.Silo.Operations;

/// <summary>Ready: the database answers, and has every migration that this program brings.</summary>
internal sealed class DatabaseReady(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var missing = await Migrator.MissingAsync(database, cancellationToken);
            return missing.Count == 0
                ? HealthCheckResult.Healthy("The database answers and is migrated.")
                : HealthCheckResult.Unhealthy($"The database lacks {missing.Count} migrations, the first is {missing[0]}.");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or IOException)
        {
            // Anybody may read this, so it says nothing of where the database is.
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
