using Microsoft.Extensions.Diagnostics.HealthChecks;
using MoMo.Storage;
using Npgsql;

namespace MoMo.Silo.Operations;

/// <summary>
/// Ready: the database answers, has every migration that this program brings, and none of a later version that it can't work with. It is asked at most once
/// a second however many ask, for anybody may.
/// </summary>
internal sealed class DatabaseReady(NpgsqlDataSource database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(4);

    private readonly Lock gate = new();
    private Task<HealthCheckResult>? asking;
    private long askedAt;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (asking is null || (asking.IsCompleted && clock.GetElapsedTime(askedAt) >= Lifetime))
            {
                askedAt = clock.GetTimestamp();
                asking = Task.Run(AskAsync, CancellationToken.None);
            }

            return asking.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> AskAsync()
    {
        try
        {
            using var late = new CancellationTokenSource(AnswerMax, clock);
            var missing = await Migrator.MissingAsync(database, late.Token);
            if (missing.Count > 0) return HealthCheckResult.Unhealthy($"The database lacks {missing.Count} migrations, the first is {missing[0]}.");
            return await Migrator.NewerAsync(database, late.Token) is [var newer, ..]
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
