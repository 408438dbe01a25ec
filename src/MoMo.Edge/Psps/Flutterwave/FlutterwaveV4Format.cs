using System.Globalization;
using System.Security.Cryptography;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps.Flutterwave;

/// <summary>
/// Flutterwave's webhooks, version 4: <c>flutterwave-signature</c> is the base64 HMAC-SHA256 of the raw body with the secret hash. Older pages of
/// version 4 say that it is the secret hash itself; that signs nothing and is refused, unless <c>"plain_signature": true</c> allows it, too. Amounts
/// are in major units; times are seconds since 1970 with a fraction, or ISO 8601. A payer's e-mail is kept as the payer's account.
/// Settings: <c>addresses</c>, <c>plain_signature</c> (false by default).
/// </summary>
public sealed class FlutterwaveV4Format : CallbackFormat
{
    private const string SecretHash = "secret_hash";
    private const string Header = "flutterwave-signature";

    /// <inheritdoc/>
    public override string Name => "flutterwave-v4";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials => [new(SecretHash, "the secret hash of the dashboard's webhook settings")];

    /// <inheritdoc/>
    public override Refusal? Check(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        if (message.Header(Header) is not { } given) return Signature.Missing(Header);
        var wrong = Signature.Check(source, SecretHash, [given], secret => Convert.ToBase64String(HMACSHA256.HashData(secret, message.Body.Span)));
        return wrong is { Code: "signature-wrong" } && new SettingsReader(source.Settings).Flag("plain_signature", false)
            ? Signature.Check(source, SecretHash, [given], System.Text.Encoding.UTF8.GetString)
            : wrong;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageJson.Parse(message.Body, "A webhook of Flutterwave");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        var data = fields.Section("data");
        var kind = fields.Needed("type", 100);
        var id = data.Needed("id", PaymentNotice.PspReferenceMax);
        var status = data.Loose("status", 40)?.ToLowerInvariant();
        if (fields.Refused is { } unknown) return Fault(unknown);
        if (kind != "charge.completed")
        {
            var news = kind!.StartsWith("transfer.", StringComparison.Ordinal) ? NoticeKind.Outgoing
                : kind == "refund.completed" && status == "succeeded" ? NoticeKind.Reversal : NoticeKind.Info;
            var text = data.Loose("amount_refunded", Money.TextMax) ?? data.Loose("amount", Money.TextMax);
            return news == NoticeKind.Reversal && data.Loose("charge_id", PaymentNotice.PspReferenceMax) is { } charge && text is not null
                && data.Loose("currency", 3) is { } currency && Money.Parse(text, currency).Accepted is { } back
                ? [new ReversalEntry(1, id!, back, charge, null, null, $"{kind}: {status}")]
                : [new NoticeEntry(1, news, id, null, $"{kind}: {status}")];
        }

        var amount = data.Major("amount", "currency");
        var paidAt = Time(data);
        if (data.Refused is { } refusal) return Fault(refusal);
        if (status != "succeeded")
            return [new NoticeEntry(1, status is "pending" ? NoticeKind.Pending : NoticeKind.Failed, id, amount, $"Its status is {status}.")];

        var customer = data.Section("customer");
        var name = customer.Section("name");
        var full = ForeignText.Clean(
            string.Join(' ', new[] { name.Loose("first", 100), name.Loose("middle", 100), name.Loose("last", 100) }.OfType<string>()), ForeignText.PayerNameMax)
            ?? customer.Loose("name", ForeignText.PayerNameMax);
        var phone = customer.Section("phone").Loose("number", ForeignText.PayerNumberMax)
            ?? data.Section("payment_method").Section("mobile_money").Loose("phone_number", ForeignText.PayerNumberMax);
        var payer = FlutterwaveCharge.PayerOf(full, phone, customer.Loose("email", ForeignText.PayerNumberMax));
        return [new FlutterwaveCharge(id!, amount!, data.Loose("reference", ForeignText.TextMax), paidAt, payer).ToEntry(source, test: false)];
    }

    private protected override void ReadSettings(SettingsReader settings) => settings.Flag("plain_signature", false);

    /// <summary><c>created_datetime</c>: seconds since 1970 with up to seven decimals, or ISO 8601.</summary>
    private static PaidAt? Time(MessageFields data)
    {
        if (data.Needed("created_datetime", 40) is not { } text) return null;
        if (text.Contains('-', StringComparison.Ordinal)) return data.Time("created_datetime", TimeZoneInfo.Utc);
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 100_000_000_000m)
            return new PaidAt(DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)));
        data.Fault("created_datetime", "time-malformed", "The time is seconds since 1970, or ISO 8601.");
        return null;
    }
}
