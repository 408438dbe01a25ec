namespace MoMo.Domain.Deliveries;

/// <summary>What a delivery waits for. Of several the first holds.</summary>
public enum WaitReason
{
    /// <summary>Its destination is paused: until somebody lets it go on.</summary>
    Paused,

    /// <summary>An earlier one, which failed and waits for its time, must arrive or be given up first.</summary>
    Behind,

    /// <summary>The breaker of its destination is open.</summary>
    Breaker,

    /// <summary>Its destination rests: its rate limit, its receiver that asked for less, or several that are gathered to go together.</summary>
    Slowed,

    /// <summary>Its own next attempt is due later.</summary>
    Scheduled,

    /// <summary>Nothing: it is due, and sent as soon as its turn comes.</summary>
    Due,
}
