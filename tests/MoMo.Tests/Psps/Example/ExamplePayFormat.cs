using System.Security.Cryptography;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Psps.ExamplePay;

/// <summary>Example Pay's webhooks. X-Example-Signature is the hex HMAC-SHA256 of the raw body; amounts are in major units.</summary>
public sealed class ExamplePayFormat : CallbackFormat
{
    private const string Secret = "webhook_secret";
    private const string Header = "X-Example-Signature";

    /// <inheritdoc/>
    public override string Name => "example-pay";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials => [new(Secret, "the webhook secret of the dashboard")];

    /// <inheritdoc/>
    public override Refusal? Check(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Header(Header) is { } given
            ? Signature.Check(source, Secret, [given], key => Convert.ToHexStringLower(HMACSHA256.HashData(key, message.Body.Span)))
            : Signature.Missing(Header);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageJson.Parse(message.Body);
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        var id = fields.Needed("id", PaymentNotice.PspReferenceMax);
        var status = fields.Needed("status", 40);
        var amount = fields.Major("amount", "currency");
        if (fields.Refused is { } refusal) return Fault(refusal);
        return status == "paid"
            ? [new PaymentEntry(1, new PaymentNotice { Psp = source.Psp, Adapter = source.Adapter, PspReference = id!, Amount = amount!, Text = fields.Optional("account", 1_000) })]
            : [new NoticeEntry(1, NoticeKind.Failed, id, amount, $"Its status is {status}.")];
    }

    /// <summary>Example Pay wants to read "ok".</summary>
    public override CallbackAnswer Answer(CallbackMessage message, CallbackOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var status = StatusOf(outcome.Verdict);
        return new CallbackAnswer(status, "text/plain", status == 200 ? "ok" : outcome.Refusal?.Code);
    }
}
