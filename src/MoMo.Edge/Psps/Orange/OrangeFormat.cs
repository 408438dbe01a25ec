using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Psps.Orange;

/// <summary>
/// Orange Money web payments. A notification has status, <c>notif_token</c> and <c>txnid</c>, and no amount: it is never a payment of its own, but says
/// to ask <c>transactionstatus</c>. The token is what Orange gave us when we asked for the payment. Tokens set as the credential
/// <c>notif_token</c> (one, with older ones valid beside it) are demanded; without any, the secret path alone tells the sender.
/// Settings: <c>addresses</c>.
/// </summary>
public sealed class OrangeFormat : CallbackFormat
{
    private const string Token = "notif_token";

    /// <inheritdoc/>
    public override string Name => "orange-money";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials => [new(Token, "the notif_token that Orange answered the payment's request with")];

    /// <inheritdoc/>
    public override Refusal? Check(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        if (source.Secrets.Of(Token).Count == 0) return null;
        return MessageJson.Parse(message.Body).Accepted?.Loose(Token, 200) is { } given
            ? Signature.Check(source, Token, [given], System.Text.Encoding.UTF8.GetString)
            : Signature.Missing(Token);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        var parsed = MessageJson.Parse(message.Body, "A notification of Orange");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        var status = fields.Needed("status", 40)?.ToUpperInvariant();
        fields.Needed(Token, 200);
        var id = fields.Optional("txnid", PaymentNotice.PspReferenceMax);
        if (fields.Refused is { } refusal) return Fault(refusal);
        var (kind, detail) = status switch
        {
            "SUCCESS" => (NoticeKind.Info, "Paid, says the notification: ask transactionstatus for the amount."),
            "INITIATED" or "PENDING" => (NoticeKind.Pending, $"Status {status}."),
            _ => (NoticeKind.Failed, $"Status {status}."),
        };
        return [new NoticeEntry(1, kind, id, null, detail)];
    }
}
