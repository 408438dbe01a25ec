namespace MoMo.Domain.Routing;

/// <summary>The sender named the reference (<c>reference_id</c>) and exactly one account registered it.</summary>
public sealed class ReferenceRule : RoutingRule
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override ValueTask<RuleFinding> FindAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        // An account that was named is the account rule's business: what it did not find is not found elsewhere by a reference alone.
        return query is { ReferenceId: { } reference, AccountId: null } ? FindOwnerAsync(reference, query, directory, cancellation) : new(Silent());
    }
}
