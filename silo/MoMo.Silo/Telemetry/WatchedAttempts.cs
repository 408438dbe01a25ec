using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Silo.Telemetry;

/// <summary>Counts and logs what came of attempts, once it is recorded.</summary>
internal sealed class WatchedAttempts(ITurn<RecordAttempt> turn, HubMetrics metrics, ILogger<Deliverer> log) : ITurn<RecordAttempt>
{
    public async Task RunAsync(IReadOnlyList<RecordAttempt> commands, TurnPlace place, CancellationToken cancellation)
    {
        await turn.RunAsync(commands, place, cancellation);
        foreach (var attempt in commands) Watch(attempt);
    }

    private void Watch(RecordAttempt attempt)
    {
        var result = attempt.Result;
        switch (result.Verdict)
        {
            case AttemptVerdict.Delivered:
                metrics.Tried("delivered", attempt.AccountId);
                if (log.IsEnabled(LogLevel.Debug))
                {
                    log.LogDebug(
                        "Delivery {Delivery} arrived at attempt {Attempt} (account {Account}, {Milliseconds} ms).",
                        attempt.DeliveryId, attempt.AttemptsBefore + 1, attempt.AccountId, (long)result.Duration.TotalMilliseconds);
                }

                break;
            case AttemptVerdict.Gone:
                metrics.Tried("gone", attempt.AccountId);
                log.LogInformation("Delivery {Delivery} (account {Account}) was answered with 410; its destination is paused.", attempt.DeliveryId, attempt.AccountId);
                break;
            case var _ when attempt.NextDue is null:
                metrics.Tried("dead", attempt.AccountId);
                log.LogInformation(
                    "Delivery {Delivery} is dead after {Attempts} attempts (status {Status}): {Reason} Account {Account}, cause {Cause}. "
                    + "It waits for a person: ./momo deliveries retry.",
                    attempt.DeliveryId, attempt.AttemptsBefore + 1, result.Status, result.Error, attempt.AccountId,
                    result.Cause is { } cause ? DeliveryWords.Of(cause) : null);
                break;
            default:
                metrics.Tried("retry", attempt.AccountId);
                break;
        }
    }
}
