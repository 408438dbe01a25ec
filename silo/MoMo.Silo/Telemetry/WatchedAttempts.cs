using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Silo.Telemetry;

/// <summary>
/// Counts and logs what came of attempts, once it is recorded: of one that two works on a lane made at the same time, each as it knows it. Which of them the
/// store took is not asked, as one whose commit nobody heard of would be told by nobody.
/// </summary>
internal sealed class WatchedAttempts(ITurn<RecordAttempt> turn, HubMetrics metrics, OutcomeLog outcomes, ILogger<Deliverer> log) : ITurn<RecordAttempt>
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
                outcomes.Tell(attempt);
                break;
            case AttemptVerdict.Gone:
                metrics.Tried("gone", attempt.AccountId);
                log.LogInformation("Delivery {Delivery} (account {Account}) was answered with 410 Gone: its receiver wants no more.", attempt.DeliveryId, attempt.AccountId);
                break;
            case var _ when attempt.NextDue is null:
                metrics.Tried("dead", attempt.AccountId);
                outcomes.Tell(attempt);
                break;
            default:
                metrics.Tried("retry", attempt.AccountId);
                break;
        }
    }
}
