namespace MoMo.Domain.Adapters;

/// <summary>
/// Decides whether an adapter is alive: pure and synchronous. new → up (register, heartbeat or report) ⇄ down (report, or silence past the lease).
/// </summary>
public sealed class AdapterActor(AdapterLiveness state)
{
    /// <summary>The detail of an adapter that the hub itself put down.</summary>
    public const string LeaseRanOut = "lease ran out";

    /// <summary>How it is now.</summary>
    public AdapterLiveness State { get; private set; } = state;

    /// <summary>It has started: up, unless it says otherwise.</summary>
    public AdapterLiveness Register(AdapterSignal signal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return Become(signal.Up ?? true, signal.Detail, signal, now);
    }

    /// <summary>
    /// It is still there. Puts up again what only silence had put down; an adapter that said itself that it is down stays so until it says otherwise.
    /// </summary>
    public AdapterLiveness Heartbeat(AdapterSignal signal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal.Up is { } said) return Become(said, signal.Detail, signal, now);
        var silenced = State.State == "down" && State.Detail == LeaseRanOut;
        var up = State.State != "down" || silenced;
        return Become(up, signal.Detail ?? (silenced ? null : State.Detail), signal, now);
    }

    /// <summary>It works, or does not; without a state, as a heartbeat.</summary>
    public AdapterLiveness Report(AdapterSignal signal, DateTimeOffset now) => Heartbeat(signal, now);

    /// <summary>The clock says that its lease may have run out.</summary>
    /// <returns>True when it did, and the adapter is down now.</returns>
    public bool Expire(DateTimeOffset now)
    {
        if (State.State != "up" || State.LeaseUntil is not { } until || until > now) return false;
        State = State with { State = "down", Detail = LeaseRanOut, Since = now, LeaseUntil = null };
        return true;
    }

    private AdapterLiveness Become(bool up, string? detail, AdapterSignal signal, DateTimeOffset now)
    {
        var name = up ? "up" : "down";
        return State = new AdapterLiveness(name, detail, State.State == name ? State.Since : now, now, up ? now + signal.Lease : null);
    }
}
