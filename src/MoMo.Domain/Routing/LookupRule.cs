using MoMo.Domain.Accounts;

namespace MoMo.Domain.Routing;

/// <summary>
/// Asks all accounts that have a lookup URL, in parallel, whether the reference is theirs. One yes finds the account; two are ambiguous.
/// A server that does not answer in time is named in the trace and delays nobody longer than the deadline. Where more accounts have a lookup URL than
/// are asked, nobody may say that a reference is one account's alone, or nobody's.
/// Configured: <c>{"rule":"lookup","deadline_ms":1500}</c>.
/// </summary>
public sealed class LookupRule(ILookupClient lookups, TimeSpan deadline) : RoutingRule
{
    /// <summary>How long all answers may take together, unless configured.</summary>
    public static readonly TimeSpan DeadlineDefault = TimeSpan.FromSeconds(1.5);

    /// <summary>The longest deadline: Daraja's validation must be answered inside 3 seconds whatever the accounts do.</summary>
    public static readonly TimeSpan DeadlineMax = TimeSpan.FromSeconds(2.5);

    /// <summary>The rule's name.</summary>
    public const string RuleName = "lookup";

    /// <summary>Accounts that are asked about one payment at most.</summary>
    public const int AccountsMax = 1_000;

    /// <inheritdoc/>
    public override string Name => RuleName;

    /// <inheritdoc/>
    public override async ValueTask<RuleFinding> FindAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(directory);
        var (account, typed, split) = AccountHashReferenceRule.Split(query.Text);
        if ((query.ReferenceId ?? typed ?? (split ? null : account)) is not { } reference) return Silent();

        // A sandbox neither hears of live payers nor answers for them.
        var asked = await directory.FindLookupsAsync(query.Mode, cancellation);
        var cut = asked.Count > AccountsMax;
        // Who was named is asked alone, outright or before a #: nobody else's yes may take the payment away.
        if ((query.AccountId ?? (split && query.ReferenceId is null ? account : null)) is { } named)
            (asked, cut) = (await FindAsync(named, query.Mode, directory, cancellation), false);
        else if (cut)
            asked = [.. asked.Take(AccountsMax)];
        if (asked.Count == 0) return Silent();

        var answers = await Task.WhenAll(asked.Select(one => lookups.AskAsync(one.LookupUrl!, reference, deadline, cancellation)));
        var yes = asked.Where((_, place) => answers[place].Known == true).Select(one => one.Id).ToArray();
        var silent = asked.Where((_, place) => answers[place].Known is null).Select(one => one.Id).ToArray();
        var without = silent.Length == 0 ? null : $"No answer in time from {string.Join(", ", silent.Take(10))}{(silent.Length > 10 ? "…" : "")}.";
        return yes.Length switch
        {
            < 2 when cut => new RuleFinding(
                Name, Verdict.Unanswered,
                $"More than {AccountsMax:N0} accounts have a lookup URL; of the first {AccountsMax:N0}, "
                    + $"{(yes.Length == 1 ? $"{yes[0]} knows" : "none knows")} reference '{reference}'.",
                null, reference),
            1 => Found(yes[0], reference, without),
            0 when silent.Length > 0 => new RuleFinding(Name, Verdict.Unanswered, without, null, reference),
            0 => Unknown($"None of {asked.Count} accounts knows reference '{reference}'.", reference),
            _ => Ambiguous($"Reference '{reference}' is known to {string.Join(", ", yes)}.", reference),
        };
    }

    private static async ValueTask<IReadOnlyList<Account>> FindAsync(string named, Mode mode, IDirectory directory, CancellationToken cancellation) =>
        await directory.FindAccountAsync(Account.Canonical(named), cancellation) is { Archived: false, LookupUrl: not null } one && one.Mode == mode ? [one] : [];
}
