using MoMo.Domain.Deliveries;

namespace MoMo.Silo.Telemetry;

/// <summary>
/// A line for each delivery that has come to its end: it arrived, or it is dead. A log category of its own, so that a busy hub can leave out those that
/// arrived: <c>Logging:LogLevel:MoMo.Deliveries.Outcome</c> as <c>Warning</c>.
/// </summary>
internal sealed partial class OutcomeLog(ILoggerFactory logs)
{
    /// <summary>The log category.</summary>
    public const string Category = "MoMo.Deliveries.Outcome";

    private readonly ILogger log = logs.CreateLogger(Category);

    /// <summary>Tells of an attempt that was the last of its delivery.</summary>
    public void Tell(RecordAttempt attempt)
    {
        var result = attempt.Result;
        var (attempts, milliseconds) = (attempt.AttemptsBefore + 1, (long)result.Duration.TotalMilliseconds);
        if (result.Verdict == AttemptVerdict.Delivered)
        {
            Arrived(log, attempt.DeliveryId, attempt.AccountId, attempt.DestinationId, attempt.PaymentId, attempts, result.Status, milliseconds);
            return;
        }

        var cause = result.Cause is { } known ? DeliveryWords.Of(known) : null;
        Dead(log, attempt.DeliveryId, attempt.AccountId, attempt.DestinationId, attempt.PaymentId, attempts, result.Status, cause, result.Error);
    }

    [LoggerMessage(
        EventId = 1, EventName = "delivered", Level = LogLevel.Information,
        Message = "Delivery {Delivery} arrived (account {Account}, destination {Destination}, payment {Payment}, attempt {Attempts}, "
            + "status {Status}, {Milliseconds} ms).")]
    private static partial void Arrived(
        ILogger log, Guid delivery, string? account, string? destination, Guid? payment, int attempts, int? status, long milliseconds);

    [LoggerMessage(
        EventId = 2, EventName = "dead", Level = LogLevel.Warning,
        Message = "Delivery {Delivery} is dead (account {Account}, destination {Destination}, payment {Payment}, attempt {Attempts}, status {Status}, cause {Cause}): "
            + "{Reason} It waits for a person: momo deliveries retry.")]
    private static partial void Dead(
        ILogger log, Guid delivery, string? account, string? destination, Guid? payment, int attempts, int? status, string? cause, string? reason);
}
