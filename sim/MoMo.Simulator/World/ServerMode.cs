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

    /// <summary>Takes one at a time: several together are too many.</summary>
    Picky,

    /// <summary>Any of those above, each time another.</summary>
    Flapping,
    TooMany,
    Gone,
}
