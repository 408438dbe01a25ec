namespace MoMo.Domain.Routing;

/// <summary>
/// One way of finding whose a payment is. A new rule is one small class and one line in <see cref="RuleReader"/>. A rule never guesses:
/// when two accounts could be meant, it says so.
/// </summary>
public abstract class RoutingRule
{
    /// <summary>Its name, in configuration and traces.</summary>
    public abstract string Name { get; }

    /// <summary>What it makes of a payment. Never throws for what the payment holds.</summary>
    public abstract ValueTask<RuleFinding> FindAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation);

    /// <summary>Nothing to go by.</summary>
    protected RuleFinding Silent() => new(Name, Verdict.Silent);

    /// <summary>Exactly one account.</summary>
    protected RuleFinding Found(string account, string? reference, string? detail = null) => new(Name, Verdict.Found, detail, account, reference);

    /// <summary>It names something that does not exist.</summary>
    protected RuleFinding Unknown(string detail, string? reference = null) => new(Name, Verdict.Unknown, detail, null, reference);

    /// <summary>Two could be meant, or what was said contradicts itself.</summary>
    protected RuleFinding Ambiguous(string detail, string? reference = null) => new(Name, Verdict.Ambiguous, detail, null, reference);

    /// <summary>
    /// Finds an account that was named outright, by the sender or by what a rule read, and checks that the sender named no other one, and that a reference
    /// named with it is not somebody else's.
    /// </summary>
    /// <param name="named">The account.</param>
    /// <param name="reference">The reference named with it.</param>
    /// <param name="query">What was said.</param>
    /// <param name="directory">Knows accounts and references.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <param name="isConfigured">
    /// Whether the operator chose the account for all that the rule fits: then a name that no account has contradicts nothing, as what merchants call their
    /// orders (<c>ORDER#123</c>) may read like one.
    /// </param>
    protected async ValueTask<RuleFinding> FindNamedAsync(
        string named, string? reference, RoutingQuery query, IDirectory directory, CancellationToken cancellation, bool isConfigured = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(directory);
        var id = Accounts.Account.Canonical(named);
        var account = await directory.FindAccountAsync(id, cancellation);
        if (account is null) return Unknown($"There is no account '{named}'.", reference);
        if (account.Archived) return Unknown($"Account {id} is archived.", reference);
        if (query.AccountId is { } said && Accounts.Account.Canonical(said) is var other && other != id
            && !(isConfigured && await directory.FindAccountAsync(other, cancellation) is null))
            return Ambiguous($"Account {id} was found, but account '{said}' was named.", reference);
        if (reference is null) return Found(id, null);

        var owners = await directory.FindOwnersAsync(Accounts.Account.Canonical(reference), query.Mode, cancellation);
        return owners.Count == 0 || owners.Contains(id)
            ? Found(id, reference)
            : Ambiguous($"Account {id} was named, but reference '{reference}' is registered by {string.Join(", ", owners)}.", reference);
    }

    /// <summary>
    /// What is kept of an account that was found by a reference alone: where the sender named another one, nothing. It may have come before that account
    /// did, and somebody else's customer is called the same.
    /// </summary>
    protected RuleFinding Kept(RuleFinding owned, RoutingQuery query)
    {
        ArgumentNullException.ThrowIfNull(owned);
        ArgumentNullException.ThrowIfNull(query);
        return owned.Verdict != Verdict.Found || query.AccountId is not { } named || Accounts.Account.Canonical(named) == owned.AccountId
            ? owned
            : Unknown($"Reference '{owned.ReferenceId}' is registered by {owned.AccountId}, but account '{named}' was named.", owned.ReferenceId);
    }

    /// <summary>Finds the one account that registered a reference.</summary>
    protected async ValueTask<RuleFinding> FindOwnerAsync(string reference, RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(directory);
        var owners = await directory.FindOwnersAsync(Accounts.Account.Canonical(reference), query.Mode, cancellation);
        return owners.Count switch
        {
            0 => Unknown($"No account registered reference '{reference}'.", reference),
            1 => Found(owners[0], reference),
            _ => Ambiguous($"Reference '{reference}' is registered by {string.Join(", ", owners)}.", reference),
        };
    }
}
