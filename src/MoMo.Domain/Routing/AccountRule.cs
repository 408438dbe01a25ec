namespace MoMo.Domain.Routing;

/// <summary>The sender named the account (<c>account_id</c>). With a reference too, both must agree.</summary>
public sealed class AccountRule : RoutingRule
{
    /// <inheritdoc/>
    public override string Name => "account";

    /// <inheritdoc/>
    public override ValueTask<RuleFinding> FindAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.AccountId is { } named ? FindNamedAsync(named, query.ReferenceId, query, directory, cancellation) : new(Silent());
    }
}
