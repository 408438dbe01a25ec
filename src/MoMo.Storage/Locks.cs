namespace MoMo.Storage;

/// <summary>Numbers of PostgreSQL's advisory locks that the hub uses. Never use one twice.</summary>
internal static class Locks
{
    /// <summary>One silo migrates at a time.</summary>
    public const long Migration = 0x4D6F4D6F;

    /// <summary>Turns share it; whoever deletes a PSP holds it alone.</summary>
    public const long Psps = 0x4D6F4D70;

    /// <summary>Turns share it; one that takes reversals holds it alone, so that no payment comes between its look and its word.</summary>
    public const long Reversals = 0x4D6F4D71;

    /// <summary>Held by whoever makes the first administrator or deletes one, so that one is always left.</summary>
    public const long Admins = 0x4D6F4D72;

    /// <summary>One silo at a time compares its secret keys with the marks of those in use.</summary>
    public const long SecretKeys = 0x4D6F4D7B;

    /// <summary>One replay begins at a time, so that their number holds.</summary>
    public const long Replays = 0x4D6F4D7A;
}
