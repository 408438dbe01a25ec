namespace MoMo.Simulator.World;

/// <summary>How an account's server behaves.</summary>
internal enum ServerMode
{
    Well,
    Slow,
    Dead,
    Refusing,
    Failing,
    StoresThenFails,
    StoresThenHangs,

    /// <summary>Any of those above, each time another.</summary>
    Flapping,
    TooMany,
    Gone,
}
