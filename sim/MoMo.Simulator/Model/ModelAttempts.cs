using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Simulator.Model;

/// <summary>Records attempts on the model, as AttemptTurn does it in SQL.</summary>
internal sealed class ModelAttempts(Store store, Link link, Action<int, TimeSpan>? waits = null) : ITurn<RecordAttempt>
{
    public async Task RunAsync(IReadOnlyList<RecordAttempt> commands, TurnPlace place, CancellationToken cancellation)
    {
        try
        {
            await link.AskAsync(_ =>
            {
                foreach (var attempt in commands) Record(attempt);
                return Task.FromResult(true);
            });
        }
        catch (ModelFault fault) when (fault.Kind != ModelFaultKind.Cut)
        {
            throw new TurnLostException("Another turn was first.", fault);
        }
    }

    private void Record(RecordAttempt attempt)
    {
        if (!store.Tables.Deliveries.TryGetValue(attempt.DeliveryId, out var line)) return;
        if (!store.Defects.AttemptsNotFenced && (line.Attempts != attempt.AttemptsBefore || line.State != "pending")) return;
        var before = line.State;
        // Somebody asked for it again while it was tried.
        var asked = !attempt.Arrived && !line.Waits && line.DueAt != attempt.DueBefore;
        line.Attempts++;
        line.WasRejected = attempt.Result.Cause == DeliveryCause.AccountRejected;
        if (!asked)
        {
            line.State = attempt.Arrived ? "delivered" : attempt.NextDue is null ? "dead" : "pending";
            line.DueAt = attempt.NextDue ?? line.DueAt;
            line.Waits = true;
        }

        if (!asked && attempt is { Result: { Verdict: AttemptVerdict.Retry, RetryAfter: null }, NextDue: { } next })
            waits?.Invoke(line.Attempts - line.RoundStart, next - attempt.At);
        store.Tried(line, before);
    }
}
