namespace MoMo.Domain.Adapters;

/// <summary>
/// Decides whether an adapter is alive: pure and synchronous. new → up (register, heartbeat or report) ⇄ down (report, or no sign of life past the
/// lease); up ⇄ degraded (report, or many refusals); any but down → silent (fewer payments than usual) → up (payments again).
/// </summary>
public sealed class AdapterActor(AdapterLiveness state)
{
    /// <summary>The detail of an adapter that the hub itself put down.</summary>
    public const string LeaseRanOut = "lease ran out";

    /// <summary>How the detail begins of an adapter that the hub itself calls degraded.</summary>
    public const string RefusedLately = "refused lately: ";

    /// <summary>How it is now.</summary>
    public AdapterLiveness State { get; private set; } = state;

    private bool IsRefused => State.State == "degraded" && State.Detail?.StartsWith(RefusedLately, StringComparison.Ordinal) == true;

    /// <summary>It has started: up, unless it says otherwise.</summary>
    public AdapterLiveness Register(AdapterSignal signal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return Become(signal.State ?? "up", signal.Detail, signal, now);
    }

    /// <summary>
    /// It is still there. Puts up again what only silence had put down; an adapter that said itself that it is down or degraded stays so until it
    /// says otherwise.
    /// </summary>
    public AdapterLiveness Heartbeat(AdapterSignal signal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal.State is { } said) return Become(said, signal.Detail, signal, now);
        var expired = State.State == "down" && State.Detail == LeaseRanOut;
        var name = expired || State.State == "new" ? "up" : State.State;
        return Become(name, signal.Detail ?? (expired ? null : State.Detail), signal, now);
    }

    /// <summary>It works, or does not; without a state, as a heartbeat.</summary>
    public AdapterLiveness Report(AdapterSignal signal, DateTimeOffset now) => Heartbeat(signal, now);

    /// <summary>The clock says that its lease may have run out.</summary>
    /// <returns>True when it did, and the adapter is down now.</returns>
    public bool Expire(DateTimeOffset now)
    {
        if (State.State == "down" || State.LeaseUntil is not { } until || until > now) return false;
        State = State with { State = "down", Detail = LeaseRanOut, Since = now, LeaseUntil = null };
        return true;
    }

    /// <summary>Somebody looked at what it brought lately.</summary>
    /// <returns>True when that changed its state.</returns>
    public bool Watch(AdapterActivity activity, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var ours = State.State == "silent" || IsRefused;
        var (name, detail) = activity.Judge();
        // Who is down brings nothing, and who says itself that it is degraded knows better; both are told to people already.
        if (State.State == "down" || name == State.State || (State.State == "degraded" && !ours) || (name == "up" && !ours)) return false;
        // Only a payment ends silence: the hour in which few are usual does not.
        if (State.State == "silent" && !(activity.LastPaymentAt > State.Since)) return false;
        State = State with { State = name, Detail = detail, Since = now };
        return true;
    }

    private AdapterLiveness Become(string name, string? detail, AdapterSignal signal, DateTimeOffset now)
    {
        // What the hub saw is not undone by the adapter's word that all is well.
        if (name == "up" && (State.State == "silent" || IsRefused)) (name, detail) = (State.State, State.Detail);
        if (name == State.State && (name == "silent" || IsRefused)) detail = State.Detail;
        return State = new AdapterLiveness(name, detail, State.State == name ? State.Since : now, now, name == "down" ? null : now + signal.Lease);
    }
}
