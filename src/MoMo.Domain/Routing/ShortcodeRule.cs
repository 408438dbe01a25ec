namespace MoMo.Domain.Routing;

/// <summary>Our number at the PSP (shortcode, till, IBAN) belongs to one account. Configured: <c>{"rule":"shortcode","accounts":{"600000":"acme"}}</c>.</summary>
public sealed class ShortcodeRule(IReadOnlyDictionary<string, string> accounts) : RoutingRule
{
    /// <inheritdoc/>
    public override string Name => "shortcode";

    /// <inheritdoc/>
    public override ValueTask<RuleFinding> FindAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Shortcode is not { } shortcode) return new(Silent());
        // The number tells the account, so whatever the payer typed is the reference.
        return accounts.TryGetValue(shortcode, out var account)
            ? FindNamedAsync(account, query.ReferenceId ?? Blank(query.Text), query, directory, cancellation, isConfigured: true)
            : new(Unknown($"No account is configured for '{shortcode}'."));
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
