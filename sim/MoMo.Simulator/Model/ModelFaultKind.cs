namespace MoMo.Simulator.Model;

/// <summary>The faults that a store's user has to live with.</summary>
internal enum ModelFaultKind
{
    /// <summary>The connection is gone; whether the last statement took effect is unknown.</summary>
    Cut,

    /// <summary>Serialisation failure: rolled back.</summary>
    Conflict,

    /// <summary>Two transactions wait for each other: one is rolled back.</summary>
    Deadlock,

    /// <summary>Waited too long for a lock: rolled back.</summary>
    LockTimeout,

    /// <summary>A unique key is taken: rolled back.</summary>
    Unique,
}
