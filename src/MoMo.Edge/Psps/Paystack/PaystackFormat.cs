using System.Security.Cryptography;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Psps.Paystack;

/// <summary>
/// Paystack's webhooks, signed with the secret key: <c>x-paystack-signature</c> is the hex HMAC-SHA512 of the raw body. Only
/// <c>charge.success</c> is money; its amount is in minor units. What <c>domain</c> calls <c>test</c> never becomes a live payment. The merchant's own
/// <c>reference</c> is the payment's id, and tells account and reference; a <c>metadata</c> object may name them outright as <c>account_id</c> and
/// <c>reference_id</c> (ours to choose: Paystack hands metadata through as it was given). A payer's e-mail is kept as the payer's account.
/// Settings: <c>addresses</c>; <c>hundredths</c> (true by default): amounts of currencies without decimals, such as XOF, come times 100, as Paystack's own
/// shop plugin reads them; what is no whole unit then is refused. False for a Paystack that counts them in whole units; <c>psp_reference_prefix</c>:
/// put before each id, needed where several merchants' adapters share one PSP: their references are their own, and the same one day.
/// </summary>
public sealed class PaystackFormat : CallbackFormat
{
    private const string SecretKey = "secret_key";
    private const string Header = "x-paystack-signature";

    /// <inheritdoc/>
    public override string Name => "paystack";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials => [new(SecretKey, "the secret key of the dashboard, sk_live_… or sk_test_…")];

    /// <inheritdoc/>
    public override Engine.Refusal? Check(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        return message.Header(Header) is { } given
            ? Signature.Check(source, SecretKey, [given.ToLowerInvariant()], secret => Convert.ToHexStringLower(HMACSHA512.HashData(secret, message.Body.Span)))
            : Signature.Missing(Header);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageJson.Parse(message.Body, "A webhook of Paystack");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        var data = fields.Section("data");
        if (fields.Needed("event", 100) is not { } kind) return Fault(fields.Refused!);
        var test = data.Loose("domain", 20) == "test";
        if (!test && source.Mode == Mode.Test) return Fault("mode-differs", "This adapter is in test mode, and the message tells of live money.");

        var scope = new ReferenceScope(source.Settings);
        var reference = data.Loose("reference", scope.LengthMax) ?? data.Loose("transaction_reference", scope.LengthMax)
            ?? data.Section("transaction").Loose("reference", scope.LengthMax);
        if (kind == "charge.success")
        {
            var amount = Amount(data, source);
            var paidAt = data.Time("paid_at", TimeZoneInfo.Utc);
            data.Needed("reference", scope.LengthMax);
            var status = data.Needed("status", 40);
            if (data.Refused is { } refusal) return Fault(refusal);
            if (status != "success") return [new NoticeEntry(1, NoticeKind.Failed, scope.Of(reference), amount, $"{kind}, but its status is {status}.")];
            return test && source.Mode == Mode.Live
                ? [new NoticeEntry(1, NoticeKind.Test, scope.Of(reference), amount, "A test charge at a live adapter.")]
                : [new PaymentEntry(1, Payment(data, source, reference!, amount!, paidAt!))];
        }

        var news = kind switch
        {
            _ when test && source.Mode == Mode.Live => NoticeKind.Test,
            "charge.failed" or "bank.transfer.rejected" or "refund.failed" => NoticeKind.Failed,
            "refund.processed" => NoticeKind.Reversal,
            "refund.pending" or "refund.processing" => NoticeKind.Pending,
            _ when kind.StartsWith("transfer.", StringComparison.Ordinal) => NoticeKind.Outgoing,
            _ => NoticeKind.Info,
        };
        var money = Minor.Parse(data.Loose("amount", Money.TextMax), data.Loose("currency", 3), Hundredths(source)).Accepted;
        // The reference of a refund is its transaction's; its own is beside it.
        return news == NoticeKind.Reversal && money is not null && reference is not null
            && (data.Loose("refund_reference", scope.LengthMax) ?? data.Loose("id", scope.LengthMax)) is { } own
            ? [new ReversalEntry(1, scope.Of(own)!, money, scope.Of(data.Loose("transaction_reference", scope.LengthMax) ?? reference), null, null, kind)]
            : [new NoticeEntry(1, news, scope.Of(reference), money, kind)];
    }

    private protected override void ReadSettings(SettingsReader settings)
    {
        settings.Flag("hundredths", true);
        ReferenceScope.Read(settings);
    }

    private static PaymentNotice Payment(MessageFields data, CallbackSource source, string reference, Money amount, PaidAt paidAt)
    {
        var customer = data.Section("customer");
        var name = ForeignText.Clean($"{customer.Loose("first_name", 100)} {customer.Loose("last_name", 100)}", ForeignText.PayerNameMax);
        var (phone, email) = (customer.Loose("phone", ForeignText.PayerNumberMax), customer.Loose("email", ForeignText.PayerNumberMax));
        var notice = new PaymentNotice
        {
            Psp = source.Psp,
            Adapter = source.Adapter,
            PspReference = new ReferenceScope(source.Settings).Of(reference)!,
            Amount = amount,
            PaidAt = paidAt,
            Payer = name is null && phone is null && email is null ? null : new Payer(name, phone, email),
        }.WithMerchantReference(reference);
        // "", 0 and null are no metadata either.
        var metadata = data.Section("metadata");
        var (account, named) = (metadata.Loose("account_id", PaymentNotice.NameMax), metadata.Loose("reference_id", PaymentNotice.NameMax));
        return account is null && named is null ? notice : notice with { AccountId = account, ReferenceId = named ?? notice.ReferenceId };
    }

    private static Money? Amount(MessageFields data, CallbackSource source)
    {
        if (data.Needed("amount", Money.TextMax) is not { } text || data.Needed("currency", 3) is not { } currency) return null;
        var money = Minor.Parse(text, currency, Hundredths(source));
        if (money.Refused is { } refusal) data.Fault(refusal.Faults[0].Field, refusal.Code, refusal.Detail);
        return money.Accepted;
    }

    private static bool Hundredths(CallbackSource source) => new SettingsReader(source.Settings).Flag("hundredths", true);
}
