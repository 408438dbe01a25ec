namespace MoMo.Domain.Routing;

/// <summary>
/// The payer typed <c>account#reference</c>, or one of them alone, into the one field that the PSP offers. Split at the first <c>#</c>; blanks
/// around it don't count. Without <c>#</c> it is an account, or else a registered reference; when it could be both of different accounts,
/// nobody guesses. Who has no field for what was typed sends it as the reference: without <c>#</c> that is only ever a reference, for a customer
/// may be called as some account is. Beside an account that the sender named, a reference alone finds no other one.
/// </summary>
public sealed class AccountHashReferenceRule : RoutingRule
{
    /// <inheritdoc/>
    public override string Name => "account#reference";

    /// <inheritdoc/>
    public override async ValueTask<RuleFinding> FindAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(directory);
        if (string.IsNullOrWhiteSpace(query.Text)) return await FindInReferenceAsync(query, directory, cancellation);
        var (account, reference, split) = Split(query.Text);
        if (account is null && reference is null) return Silent();
        if (account is null) return Kept(await FindOwnerAsync(reference!, query, directory, cancellation), query);
        if (split) return await FindNamedAsync(account, reference, query, directory, cancellation);

        var named = await FindNamedAsync(account, null, query, directory, cancellation);
        var owned = await FindOwnerAsync(account, query, directory, cancellation);
        if (named.Verdict == Verdict.Ambiguous && Kept(owned, query).Verdict != Verdict.Found) return named;
        if (named.Verdict != Verdict.Found)
            return owned.Verdict == Verdict.Unknown ? Unknown($"'{account}' is neither an account nor a registered reference.", account) : Kept(owned, query);
        return owned.Verdict == Verdict.Unknown || owned.AccountId == named.AccountId
            ? named
            : Ambiguous($"'{account}' is an account, and also a reference of another one.", account);
    }

    private async ValueTask<RuleFinding> FindInReferenceAsync(RoutingQuery query, IDirectory directory, CancellationToken cancellation)
    {
        // An account that was named is the account rule's business: what it did not find is not found elsewhere by a reference.
        if (query is not { ReferenceId: { } typed, AccountId: null }) return Silent();
        var (account, reference, split) = Split(typed);
        if (split && account is not null) return await FindNamedAsync(account, reference, query, directory, cancellation);
        if ((split ? reference : account) is not { } alone) return Silent();
        var owned = await FindOwnerAsync(alone, query, directory, cancellation);
        return owned.Verdict != Verdict.Unknown || split
            ? owned
            : Unknown($"'{alone}' has no '#' before which an account stands, and no account registered it.", alone);
    }

    /// <summary>The parts of what the payer typed; null for a part that is empty.</summary>
    public static (string? Account, string? Reference, bool Split) Split(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return (null, null, false);
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        if (hash < 0) return (text.Trim(), null, false);
        var (account, reference) = (text[..hash].Trim(), text[(hash + 1)..].Trim());
        return (account.Length == 0 ? null : account, reference.Length == 0 ? null : reference, true);
    }
}
