using MoMo.Domain.Deliveries;

namespace MoMo.Storage.Management;

/// <summary>A signing secret that was just made.</summary>
/// <param name="Text">As it is sealed: <c>whsec_…</c> or <c>whsk_…</c>.</param>
/// <param name="PublicKey">The public half, <c>whpk_…</c>; null of an HMAC's secret, which the account is shown instead, once.</param>
public sealed record NewSecret(string Text, string? PublicKey)
{
    /// <summary>An HMAC's secret.</summary>
    public static NewSecret Hmac() => new(WebhookSecret.Make().Show(), null);

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => PublicKey ?? "***";
}
