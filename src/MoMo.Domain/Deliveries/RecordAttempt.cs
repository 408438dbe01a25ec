using MoMo.Engine;

namespace MoMo.Domain.Deliveries;

/// <summary>Records what came of an attempt; many share a commit.</summary>
public sealed class RecordAttempt(Guid deliveryId, int attemptsBefore, AttemptResult result, DateTimeOffset at, DateTimeOffset? nextDue) : Command
{
    /// <summary>The delivery.</summary>
    public Guid DeliveryId { get; } = deliveryId;

    /// <summary>The fence: when another silo recorded an attempt meanwhile, this one changes nothing.</summary>
    public int AttemptsBefore { get; } = attemptsBefore;

    /// <summary>
    /// Since when it was due, as far as who tried it knew. Who asks for it again makes it due anew: then an attempt that failed is counted, and the delivery
    /// stays due as the person said.
    /// </summary>
    public DateTimeOffset DueBefore { get; init; }

    /// <summary>What came of it.</summary>
    public AttemptResult Result { get; } = result;

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; } = at;

    /// <summary>When to try again; null when delivered, or after the last attempt: then it is dead and waits for a person.</summary>
    public DateTimeOffset? NextDue { get; } = nextDue;

    /// <summary>Whether it arrived.</summary>
    public bool Arrived => Result.Verdict == AttemptVerdict.Delivered;

    /// <summary>The delivery, when nothing is stored of it yet: this is the first that is; else null.</summary>
    public Delivery? Unwritten { get; init; }

    /// <summary>Whose; for counting, not recorded.</summary>
    public string? AccountId { get; init; }

    /// <summary>Where to, of the account's destinations; for the log, not recorded.</summary>
    public string? DestinationId { get; init; }

    /// <summary>The payment that is told of, or that something was taken back of; null for none. For the log, not recorded.</summary>
    public Guid? PaymentId { get; init; }

    /// <inheritdoc/>
    public override string? Actor => AccountId;

    /// <summary>
    /// Told once: without a fault after the commit, with it when nothing is known to be recorded. Runs where the turn runs: it must be short and never
    /// throw.
    /// </summary>
    public Action<RecordAttempt, Exception?>? Ended { get; init; }

    /// <inheritdoc/>
    public override void Answer() => Ended?.Invoke(this, null);

    /// <inheritdoc/>
    public override void Fail(Exception fault) => Ended?.Invoke(this, fault);
}
