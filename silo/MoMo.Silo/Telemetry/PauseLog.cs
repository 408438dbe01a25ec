using MoMo.Domain.Deliveries;

namespace MoMo.Silo.Telemetry;

/// <summary>
/// A line for each destination that the hub paused by itself: somebody has to do something, or nothing is sent there any more. Only the silo that paused
/// it tells.
/// </summary>
internal sealed partial class PauseLog(ILoggerFactory logs)
{
    /// <summary>The log category.</summary>
    public const string Category = "MoMo.Deliveries.Pause";

    private readonly ILogger log = logs.CreateLogger(Category);

    /// <summary>Tells of a destination that was paused.</summary>
    public void Tell(LaneDestination destination, PauseReason reason) =>
        Paused(log, destination.AccountId, destination.Id, DeliveryWords.Of(reason), Why(reason));

    private static string Why(PauseReason reason) => reason switch
    {
        PauseReason.Gone => "its receiver answered 410 Gone.",
        _ => "nothing arrived there for longer than it may fail.",
    };

    [LoggerMessage(
        EventId = 1, EventName = "paused", Level = LogLevel.Warning,
        Message = "The hub paused destination {Destination} of account {Account} ({Reason}): {Why} It keeps what is due; "
            + "to let it go on: momo destinations set ACCOUNT ID --paused false.")]
    private static partial void Paused(ILogger log, string account, string? destination, string reason, string why);
}
