using System.Text.RegularExpressions;

namespace MoMo.Domain.Routing;

/// <summary>
/// What was typed matches a pattern. Configured: <c>{"rule":"pattern","pattern":"^INV-(?&lt;reference&gt;[0-9]+)$","account":"acme"}</c>; a group
/// named <c>account</c> may take the place of the fixed account, a group named <c>reference</c> tells the reference.
/// </summary>
public sealed class PatternRule(Regex pattern, string? account) : RoutingRule
{
    /// <summary>Longest pattern, in characters.</summary>
    public const int PatternMax = 500;

    /// <summary>How patterns are compiled: in time linear to the text, so that no text can make one hang.</summary>
    public const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    /// <summary>The longest that one match may take; past it the rule has no answer.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public override string Name => "pattern";

    /// <inheritdoc/>
    public override async ValueTask<RuleFinding> FindAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        if ((query.Text ?? query.ReferenceId)?.Trim() is not { Length: > 0 } typed) return Silent();
        if (Find(typed) is not { } match) return new RuleFinding(Name, Verdict.Unanswered, "The pattern took too long; make it simpler.");
        if (!match.Success) return Silent();
        var named = account ?? (match.Groups["account"] is { Success: true } group ? group.Value : null);
        var reference = match.Groups["reference"] is { Success: true } other ? other.Value : query.ReferenceId;
        return named is not null ? await FindNamedAsync(named, reference, query, directory, cancellation, isConfigured: account is not null)
            : reference is not null ? Kept(await FindOwnerAsync(reference, query, directory, cancellation), query)
            : Silent();
    }

    private Match? Find(string typed)
    {
        try
        {
            return pattern.Match(typed);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
