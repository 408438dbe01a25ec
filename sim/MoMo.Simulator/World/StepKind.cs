namespace MoMo.Simulator.World;

/// <summary>What can happen to the hub.</summary>
internal enum StepKind
{
    /// <summary>A PSP brings a payment: repeated, changed, reordered, given up.</summary>
    Pay,

    /// <summary>A silo is killed between two awaits, and started again later.</summary>
    Kill,

    /// <summary>A silo is asked to stop, and started again later.</summary>
    Stop,

    /// <summary>A silo stands still while the world goes on: its leases run out, another activates its actors.</summary>
    Pause,

    /// <summary>A silo's time of day jumps.</summary>
    Jump,

    /// <summary>Connections to the store are cut, before or after a statement took effect.</summary>
    Cut,

    /// <summary>The store restarts: all transactions are rolled back, nobody can connect.</summary>
    Down,

    /// <summary>The way to the store is slow.</summary>
    Slow,

    /// <summary>Transactions fail to serialise.</summary>
    Conflict,

    /// <summary>An account's server misbehaves.</summary>
    Server,

    /// <summary>An account's lookup server misbehaves.</summary>
    Lookup,

    /// <summary>An operator assigns what is in suspense.</summary>
    Assign,

    /// <summary>An operator takes a payment from the account that has it.</summary>
    Unlink,

    /// <summary>An operator sends a delivery again.</summary>
    Retry,

    /// <summary>An operator sends many deliveries again.</summary>
    Replay,

    /// <summary>An operator pauses a destination for a while.</summary>
    Silence,

    /// <summary>An operator rotates a destination's secret; the old one is ended after a while.</summary>
    Rotate,

    /// <summary>An operator archives an account for a while.</summary>
    Archive,

    /// <summary>A PSP brings many payments at once.</summary>
    Burst,

    /// <summary>An adapter is given a file, which it reads line by line.</summary>
    File,

    /// <summary>A file that was there before is there again.</summary>
    Again,

    /// <summary>An adapter stands still, in the middle of its files, and goes on.</summary>
    Stall,

    /// <summary>An adapter is killed in the middle of its files, and begins again at its marks.</summary>
    Crash,
}
