using MoMo.Domain.Accounts;

namespace MoMo.Domain.Turns;

/// <summary>An account's head in a turn, which holds its lock or has it compared with the store's when it is recorded.</summary>
internal sealed class Head
{
    /// <summary>There is no such account.</summary>
    public static readonly Head Missing = new() { Version = -1 };

    public long Sequence { get; set; }

    public long Version { get; init; }

    public AccountActor? Actor { get; set; }

    /// <summary>The turn gave out numbers.</summary>
    public bool Advanced { get; set; }

    public bool IsMissing => Version < 0;
}
