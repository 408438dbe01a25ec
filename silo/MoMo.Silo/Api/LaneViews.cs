using System.Globalization;
using MoMo.Client.Wire;
using MoMo.Domain.Deliveries;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>How lanes stand, and why deliveries wait in them, as the API shows it.</summary>
internal static class LaneViews
{
    /// <param name="row">The destination.</param>
    /// <param name="state">How its lane stands; null when it was deleted meanwhile.</param>
    /// <param name="failingMax">For how long it may fail.</param>
    public static DestinationHealthView? Of(DestinationRow row, LaneState? state, TimeSpan failingMax)
    {
        if (state is null) return null;
        // A breaker that was turned off while it was open lets its last rest go by: no probe ends it.
        var isOpen = row.Settings.Breaker && state.IsOpen;
        return new DestinationHealthView
        {
            Breaker = !row.Settings.Breaker ? "off" : isOpen ? "open" : state.Health.Opened > 0 ? "half_open" : "closed",
            OpenSince = row.Settings.Breaker ? state.OpenSince : null,
            NextProbeAt = isOpen ? state.RestsUntil : null,
            SlowedUntil = isOpen ? null : state.RestsUntil,
            Recovering = state.Health.Recovering,
            FailingSince = state.Health.FailingSince,
            PausesAt = row.Paused ? null : state.Health.FailingSince + failingMax,
            Waiting = state.Waiting,
            OldestWaitingAt = state.OldestAt,
            NextAttemptAt = row.Paused ? null : state.NextAt,
        };
    }

    public static DeliveryWaitView? Of(DeliveryWait? wait) => wait is null ? null : new()
    {
        Reason = Word(wait.Reason),
        Until = wait.Until,
        Behind = wait.Behind?.ToString(),
        Text = Text(wait),
    };

    private static string Word(WaitReason reason) => reason switch
    {
        WaitReason.Paused => "paused",
        WaitReason.Behind => "behind",
        WaitReason.Breaker => "breaker",
        WaitReason.Slowed => "slowed",
        WaitReason.Scheduled => "scheduled",
        _ => "due",
    };

    private static string Text(DeliveryWait wait)
    {
        var until = wait.Until is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null;
        return wait.Reason switch
        {
            WaitReason.Paused => "Its destination is paused.",
            WaitReason.Behind => $"It waits for delivery {wait.Behind}, which failed and is tried {(until is null ? "as soon as its turn comes" : $"again at {until}")}.",
            WaitReason.Breaker => $"The breaker of its destination is open; it may be tried at {until}.",
            WaitReason.Slowed => $"Its destination is sent to slowly; it may be tried at {until}.",
            WaitReason.Scheduled => $"It is tried again at {until}.",
            _ => "It is due, and sent as soon as its turn comes.",
        };
    }
}
