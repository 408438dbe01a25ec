using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps.Wave;

/// <summary>
/// Wave's webhooks: <c>Wave-Signature: t=…,v1=…</c>, the hex HMAC-SHA256 of t and the raw body, at most five minutes old; during a rotation Wave sends
/// several v1. A checkout is told by its transaction (event ids repeat), other payments by their own id; <c>client_reference</c>, or what the payer
/// typed as <c>custom_fields.account_number</c>, tells whose it is. The amount of a merchant payment is net of Wave's fee. Only a signing secret is
/// taken: Wave's other way, the secret as a bearer token, signs nothing.
/// <para>
/// Wave publishes no webhook of refunds: they are in its list of transactions, where a row with <c>is_reversal</c> names the transaction that it takes
/// back; <c>json-list</c> reads it. Should a webhook say so (<c>is_reversal</c>, or an event that ends in <c>refunded</c> or <c>reversed</c>, with the
/// transaction's id and an amount: our assumption), it is the same reversal, under the transaction's id as in the list.
/// </para>
/// Settings: <c>addresses</c> (Wave publishes fifteen, and may change them: none is demanded unless set); <c>tolerance_seconds</c> (30 to 3,600; 300
/// by default).
/// </summary>
public sealed class WaveFormat : CallbackFormat
{
    private const string Secret = "signing_secret";
    private const string Header = "Wave-Signature";
    private const int SignaturesMax = 10;

    /// <inheritdoc/>
    public override string Name => "wave";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials => [new(Secret, "the webhook's signing secret, wave_sn_WHS_…")];

    /// <inheritdoc/>
    public override Refusal? Check(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        if (message.Header(Header) is not { } header) return Signature.Missing(Header);
        var parts = header.Split(',', SignaturesMax + 1, StringSplitOptions.TrimEntries);
        var time = parts.FirstOrDefault(part => part.StartsWith("t=", StringComparison.Ordinal))?[2..];
        string[] given = [.. parts.Take(SignaturesMax).Where(part => part.StartsWith("v1=", StringComparison.Ordinal)).Select(part => part[3..].ToLowerInvariant())];
        if (time is null || Signature.Unix(time) is not { } signed || given.Length == 0) return Signature.Missing(Header);
        byte[] text = [.. Encoding.ASCII.GetBytes(time), .. message.Body.Span];
        return Signature.Check(source, Secret, given, secret => Convert.ToHexStringLower(HMACSHA256.HashData(secret, text)))
            ?? Signature.CheckAge(signed, message.ReceivedAt, Tolerance(new SettingsReader(source.Settings)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageJson.Parse(message.Body, "A webhook of Wave");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        var data = fields.Section("data");
        if (fields.Needed("type", 100) is not { } kind) return Fault(fields.Refused!);
        if (TakesBack(kind, data)) return [Reversal(kind, data)];
        return kind switch
        {
            "checkout.session.completed" => Checkout(data, source),
            "merchant.payment_received" or "b2b.payment_received" => Received(data, source),
            _ => [new NoticeEntry(
                1, kind.EndsWith("failed", StringComparison.Ordinal) ? NoticeKind.Failed : NoticeKind.Info,
                data.Loose("transaction_id", PaymentNotice.PspReferenceMax) ?? data.Loose("id", PaymentNotice.PspReferenceMax), null, kind)],
        };
    }

    private protected override void ReadSettings(SettingsReader settings) => Tolerance(settings);

    private static bool TakesBack(string kind, MessageFields data) =>
        kind.EndsWith("refunded", StringComparison.Ordinal) || kind.EndsWith("reversed", StringComparison.Ordinal)
        || data.Value("is_reversal").ValueKind == JsonValueKind.True;

    /// <summary>Without an amount it is only noted, for somebody to look.</summary>
    private static Entry Reversal(string kind, MessageFields data)
    {
        var id = data.Loose("transaction_id", PaymentNotice.PspReferenceMax) ?? data.Loose("id", PaymentNotice.PspReferenceMax);
        var money = data.Loose("amount", Money.TextMax) is { } amount && data.Loose("currency", 3) is { } currency
            ? Money.Parse(amount.TrimStart('-'), currency).Accepted : null;
        return id is null || money is null
            ? new NoticeEntry(1, NoticeKind.Reversal, id, money, kind)
            : new ReversalEntry(1, id, money, id, null, null, kind);
    }

    private static Entry[] Checkout(MessageFields data, CallbackSource source)
    {
        var id = data.Needed("transaction_id", PaymentNotice.PspReferenceMax);
        var status = data.Needed("payment_status", 40);
        var amount = data.Major("amount", "currency");
        var paidAt = data.Time("when_completed", TimeZoneInfo.Utc);
        if (data.Refused is { } refusal) return Fault(refusal);
        return status == "succeeded"
            ? [Payment(data, source, id!, amount!, paidAt)]
            : [new NoticeEntry(1, status == "processing" ? NoticeKind.Pending : NoticeKind.Failed, id, amount, $"The payment's status is {status}.")];
    }

    private static Entry[] Received(MessageFields data, CallbackSource source)
    {
        var id = data.Needed("id", PaymentNotice.PspReferenceMax);
        var amount = data.Major("amount", "currency");
        var paidAt = data.Loose("when_completed", 40) is not null ? data.Time("when_completed", TimeZoneInfo.Utc)
            : data.Loose("when_created", 40) is not null ? data.Time("when_created", TimeZoneInfo.Utc) : null;
        return data.Refused is { } refusal ? Fault(refusal) : [Payment(data, source, id!, amount!, paidAt)];
    }

    private static PaymentEntry Payment(MessageFields data, CallbackSource source, string id, Money amount, PaidAt? paidAt)
    {
        var (name, phone) = (data.Loose("sender_name", ForeignText.PayerNameMax), data.Loose("sender_mobile", ForeignText.PayerNumberMax));
        var account = data.Loose("sender_id", ForeignText.PayerNumberMax);
        var notice = new PaymentNotice
        {
            Psp = source.Psp,
            Adapter = source.Adapter,
            PspReference = id,
            Amount = amount,
            PaidAt = paidAt,
            Payer = name is null && phone is null && account is null ? null : new Payer(name, phone, account),
        };
        return new PaymentEntry(1, data.Section("custom_fields").Loose("account_number", ForeignText.TextMax) is { } typed
            ? notice with { Text = typed }
            : notice.WithMerchantReference(data.Loose("client_reference", ForeignText.TextMax)));
    }

    private static TimeSpan Tolerance(SettingsReader settings) =>
        TimeSpan.FromSeconds(settings.Number("tolerance_seconds", 30, 3_600, (int)Signature.ToleranceDefault.TotalSeconds));
}
