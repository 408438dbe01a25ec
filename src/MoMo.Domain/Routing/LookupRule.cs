using MoMo.Domain.Accounts;

namespace MoMo.Domain.Routing;

/// <summary>
/// Asks all accounts that have a lookup URL, in parallel, whether the reference is theirs. One yes finds the account; two are ambiguous.
/// A server that does not answer in time is named in the trace and delays nobody longer than the deadline.
/// Configured: <c>{"rule":"lookup","deadline_ms":1500}</c>.
/// </summary>
public sealed class LookupRule(ILookupClient lookups, TimeSpan deadline) : RoutingRule
{
    /// <summary>How long all answers may take together, unless configured.</summary>
    public static readonly TimeSpan DeadlineDefault = TimeSpan.FromSeconds(1.5);

    /// <summary>The longest deadline: Daraja's validation must be answered inside 3 seconds whatever the accounts do.</summary>
    public static readonly TimeSpan DeadlineMax = TimeSpan.FromSeconds(2.5);

    /// <inheritdoc/>
    public override string Name => "lookup";

    /// <inheritdoc/>
    public override async ValueTask<RuleFinding> FindAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(directory);
        var (account, typed, split) = AccountHashReferenceRule.Split(query.Text);
        if ((query.ReferenceId ?? typed ?? (split ? null : account)) is not { } reference) return Silent();

        // A sandbox neither hears of live payers nor answers for them.
        IReadOnlyList<Account> asked = [.. (await directory.FindLookupsAsync(cancellation)).Where(one => one.Mode == query.Mode)];
        // Who was named is asked alone, outright or before a #: nobody else's yes may take the payment away.
        if ((query.AccountId ?? (split && query.ReferenceId is null ? account : null)) is { } named) asked = [.. asked.Where(one => one.Id == Account.Canonical(named))];
        if (asked.Count == 0) return Silent();

        var answers = await Task.WhenAll(asked.Select(one => lookups.AskAsync(one.LookupUrl!, reference, deadline, cancellation)));
        var yes = asked.Where((_, place) => answers[place].Known == true).Select(one => one.Id).ToArray();
        var silent = asked.Where((_, place) => answers[place].Known is null).Select(one => one.Id).ToArray();
        var without = silent.Length == 0 ? null : $"No answer in time from {string.Join(", ", silent.Take(10))}{(silent.Length > 10 ? "…" : "")}.";
        return yes.Length switch
        {
            1 => Found(yes[0], reference, without),
            0 when silent.Length > 0 => new RuleFinding(Name, Verdict.Unanswered, without, null, reference),
            0 => Unknown($"None of {asked.Count} accounts knows reference '{reference}'.", reference),
            _ => Ambiguous($"Reference '{reference}' is known to {string.Join(", ", yes)}.", reference),
        };
    }
}
