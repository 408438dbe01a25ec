using MoMo.Domain.Payments;
using MoMo.Domain.Routing;

namespace MoMo.Edge.Psps;

/// <summary>
/// What we ourselves named a payment when we asked for it: <c>account#reference</c>, or without <c>#</c> the reference alone. What is too long for
/// either stays text, for rules to look at.
/// </summary>
internal static class MerchantReference
{
    public static PaymentNotice WithMerchantReference(this PaymentNotice notice, string? made)
    {
        var (account, reference, split) = AccountHashReferenceRule.Split(made);
        if (!split) (account, reference) = (null, account);
        return account is { Length: > PaymentNotice.NameMax } || reference is { Length: > PaymentNotice.NameMax }
            ? notice with { Text = made!.Trim() }
            : notice with { AccountId = account, ReferenceId = reference };
    }
}
