using MoMo.Domain.Adapters;

namespace MoMo.Silo.Telemetry;

/// <summary>Says that an adapter came into another state: a line in the log and a count. The history has it, too.</summary>
internal sealed class AdapterAlarm(HubMetrics metrics, ILogger<AdapterAlarm> log)
{
    public void Announce(AdapterStateChange change)
    {
        metrics.AdapterBecame(change.State);
        if (change.State is "up")
            log.LogInformation("Adapter {Adapter} is up; it was {Previous}.", change.AdapterId, change.Previous);
        else
            log.LogWarning("Adapter {Adapter} is {State}: {Detail}. It was {Previous}.", change.AdapterId, change.State, change.Detail, change.Previous);
    }
}
