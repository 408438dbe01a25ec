namespace MoMo.Domain.Adapters;

/// <summary>
/// Decides whether an adapter is alive: pure and synchronous. new → up (register, heartbeat or report) ⇄ down (report, or no sign of life past the
/// lease); up ⇄ degraded (report, many refusals, or closed credentials); any but down → silent (fewer payments than usual) → up (payments again).
/// </summary>
public sealed class AdapterActor(AdapterLiveness state)
{
    /// <summary>The detail of an adapter that the hub itself put down.</summary>
    public const string LeaseRanOut = "lease ran out";

    /// <summary>How the detail begins of an adapter that the hub itself calls degraded.</summary>
    public const string RefusedLately = "refused lately: ";

    /// <summary>How the detail begins of an adapter whose credentials can't be opened.</summary>
    public const string CredentialsClosed = "credentials: ";

    /// <summary>How it is now.</summary>
    public AdapterLiveness State { get; private set; } = state;

    private bool IsRefused => IsDegraded(RefusedLately);

    private bool IsClosed => IsDegraded(CredentialsClosed);

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

    /// <summary>The hub needed the adapter's credentials, to ask its PSP.</summary>
    /// <param name="problem">Why they can't be opened; null when they can.</param>
    /// <param name="now">The time.</param>
    /// <returns>True when that changed its state, or why it is in it.</returns>
    public bool Unlock(string? problem, DateTimeOffset now)
    {
        if (problem is null)
        {
            if (!IsClosed) return false;
            State = State with { State = "up", Detail = null, Since = now };
            return true;
        }

        var detail = CredentialsClosed + problem;
        if (detail.Length > AdapterSignal.DetailMax) detail = detail[..AdapterSignal.DetailMax];
        // Who is down is told to people already.
        if (State.State == "down" || (IsClosed && State.Detail == detail)) return false;
        State = State with { State = "degraded", Detail = detail, Since = State.State == "degraded" ? State.Since : now };
        return true;
    }

    private bool IsDegraded(string why) => State.State == "degraded" && State.Detail?.StartsWith(why, StringComparison.Ordinal) == true;

    private AdapterLiveness Become(string name, string? detail, AdapterSignal signal, DateTimeOffset now)
    {
        // What the hub saw is not undone by the adapter's word that all is well.
        if (name == "up" && (State.State == "silent" || IsRefused || IsClosed)) (name, detail) = (State.State, State.Detail);
        if (name == State.State && (name == "silent" || IsRefused || IsClosed)) detail = State.Detail;
        return State = new AdapterLiveness(name, detail, State.State == name ? State.Since : now, now, name == "down" ? null : now + signal.Lease);
    }
}
