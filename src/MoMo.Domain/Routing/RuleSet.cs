namespace MoMo.Domain.Routing;

/// <summary>The rules of one adapter, in the order they are asked.</summary>
public sealed class RuleSet(IReadOnlyList<RoutingRule> rules)
{
    /// <summary>Rules in one set at most.</summary>
    public const int Max = 50;

    private readonly RoutingRule[] rules = [.. rules];

    /// <summary>The rules, in order.</summary>
    public IReadOnlyList<RoutingRule> Rules => rules;

    /// <summary>What an adapter without rules of its own uses: what was named outright first, asking the accounts last.</summary>
    public static RuleSet Standard(ILookupClient lookups) =>
        new([new AccountRule(), new ReferenceRule(), new AccountHashReferenceRule(), new LookupRule(lookups, LookupRule.DeadlineDefault)]);

    /// <summary>Asks the rules until one finds an account or says that nobody may guess.</summary>
    public async ValueTask<RoutingDecision> DecideAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        List<RuleFinding>? trace = null;
        foreach (var rule in rules)
        {
            var finding = await rule.FindAsync(query, directory, cancellation);
            if (trace is null && finding.Verdict == Verdict.Found) return new RoutingDecision(finding.AccountId, finding.ReferenceId, [finding]);
            (trace ??= []).Add(finding);
            if (finding.Verdict == Verdict.Found) return new RoutingDecision(finding.AccountId, finding.ReferenceId, trace);
            if (finding.Verdict == Verdict.Ambiguous) break;
        }

        return new RoutingDecision(null, trace?.FindLast(finding => finding.ReferenceId is not null)?.ReferenceId, trace ?? []);
    }
}
