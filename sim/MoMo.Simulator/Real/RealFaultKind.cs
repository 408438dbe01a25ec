namespace MoMo.Simulator.Real;

/// <summary>What may be done to a hub of real processes.</summary>
internal enum RealFaultKind
{
    /// <summary>A silo is killed (<c>kill -9</c>) and started again after a while.</summary>
    Kill,

    /// <summary>A silo is frozen (SIGSTOP) for a while.</summary>
    Freeze,

    /// <summary>Some of a silo's connections to PostgreSQL are reset.</summary>
    Cut,

    /// <summary>Everything between a silo and PostgreSQL is late for a while.</summary>
    Delay,

    /// <summary>Some of a silo's connections carry one way only for a while, and then go on or are reset.</summary>
    Mute,

    /// <summary>Nothing goes between a silo and PostgreSQL for a while.</summary>
    Stall,

    /// <summary>PostgreSQL is killed (<c>kill -9</c>); it is started again at once.</summary>
    DatabaseKill,

    /// <summary>PostgreSQL is stopped in order, with its sessions sent away; it is started again at once.</summary>
    DatabaseStop,

    /// <summary>An account's server behaves otherwise for a while.</summary>
    Server,

    /// <summary>The server that is asked about references behaves otherwise for a while.</summary>
    Lookup,
}
