using MoMo.Engine;

namespace MoMo.Domain.Accounts;

/// <summary>Something an account (or suspense, when there is none) is asked to decide.</summary>
public abstract class AccountCommand : Command
{
    /// <summary>The account that decides; null for suspense, which numbers nothing and so needs no turn of its own.</summary>
    public abstract string? AccountId { get; }

    /// <inheritdoc/>
    public override string? Actor => AccountId;
}
