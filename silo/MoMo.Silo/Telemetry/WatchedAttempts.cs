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
        var (verdict, status, error) = (attempt.Result.Verdict, attempt.Result.Status, attempt.Result.Error);
        switch (verdict)
        {
            case AttemptVerdict.Delivered:
                metrics.Tried("delivered");
                if (log.IsEnabled(LogLevel.Debug)) log.LogDebug("Delivery {Delivery} arrived at attempt {Attempt}.", attempt.DeliveryId, attempt.AttemptsBefore + 1);
                break;
            case AttemptVerdict.Gone:
                metrics.Tried("gone");
                log.LogInformation("Delivery {Delivery} was answered with 410; its destination is paused.", attempt.DeliveryId);
                break;
            case var _ when attempt.NextDue is null:
                metrics.Tried("dead");
                log.LogInformation(
                    "Delivery {Delivery} is dead after {Attempts} attempts (status {Status}): {Reason} It waits for a person: ./momo deliveries retry.",
                    attempt.DeliveryId, attempt.AttemptsBefore + 1, status, error);
                break;
            default:
                metrics.Tried("retry");
                break;
        }
    }
}
