using System.Globalization;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps.Flutterwave;

/// <summary>
/// Flutterwave's webhooks, version 3. The header <c>verif-hash</c> is the shared secret hash itself: it tells the sender, but signs nothing, so with
/// <c>status_url</c> a charge only rings and the hub verifies it by API; with <c>"doorbell": true</c> alone it is noted, for somebody to verify. Amounts are in major units. A charge of less than its amount is
/// held as pending. Test charges are told by a <c>flw_ref</c> that begins with <c>FLW-MOCK</c> (as Flutterwave's sandbox writes it; the message has no
/// other mark). A payer's e-mail is kept as the payer's account.
/// Settings: <c>addresses</c>, <c>doorbell</c> (true by default with status_url), <c>status_url</c> (by <c>{psp_reference}</c>, which is Flutterwave's
/// id, or by <c>{tx_ref}</c>), <c>status_headers</c>.
/// </summary>
public sealed class FlutterwaveV3Format : CallbackFormat, IStatusFormat
{
    private const string SecretHash = "secret_hash";
    private const string Header = "verif-hash";
    private const string Id = "psp_reference";
    private const string TxRef = "tx_ref";

    /// <inheritdoc/>
    public StatusManner Manner { get; } =
        new([Id, TxRef]) { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer {secret_key}" } };

    /// <inheritdoc/>
    public override string Name => "flutterwave-v3";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials =>
    [
        new(SecretHash, "the secret hash of the dashboard's webhook settings"),
        new("secret_key", "the API's secret key, to verify charges with") { AsksOnly = true },
    ];

    /// <inheritdoc/>
    public override Refusal? Check(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        return message.Header(Header) is { } given
            ? Signature.Check(source, SecretHash, [given], System.Text.Encoding.UTF8.GetString)
            : Signature.Missing(Header);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageJson.Parse(message.Body, "A webhook of Flutterwave");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        var data = fields.Section("data");
        if (fields.Needed("event", 100) is not { } kind) return Fault(fields.Refused!);
        if (kind == "charge.completed")
        {
            var doorbell = new SettingsReader(source.Settings).Flag("doorbell", Asks(source));
            var read = Charge(data, source, doorbell);
            return doorbell && read is [NoticeEntry said]
                ? [Ring(source, said, (Id, data.Loose("id", PaymentNotice.PspReferenceMax)), (TxRef, data.Loose(TxRef, PaymentNotice.PspReferenceMax)))] : read;
        }

        return
        [
            new NoticeEntry(
                1, kind.StartsWith("transfer.", StringComparison.Ordinal) ? NoticeKind.Outgoing : NoticeKind.Info,
                data.Loose("id", PaymentNotice.PspReferenceMax), null, $"{kind}: {data.Loose("status", 40)}"),
        ];
    }

    /// <summary>The answer to <c>GET /v3/transactions/{id}/verify</c>.</summary>
    public IReadOnlyList<Entry> ReadStatus(ReadOnlyMemory<byte> body, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageJson.Parse(body, "An answer of Flutterwave");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        if (fields.Needed("status", 40) is { } status && status != "success")
            return Fault("status-refused", $"Flutterwave answers {status}: {fields.Loose("message", 200)}");
        return Charge(fields.Section("data"), source, doorbell: false);
    }

    /// <summary>What the charge is asked by; empty for an answer that does not name it.</summary>
    public string? Named(ReadOnlyMemory<byte> body, string by) => MessageJson.Parse(body).Accepted is { } fields
        ? fields.Section("data").Loose(by == TxRef ? TxRef : "id", PaymentNotice.PspReferenceMax) ?? "" : null;

    private protected override void ReadSettings(SettingsReader settings) => settings.Flag("doorbell", false);

    private static Entry[] Charge(MessageFields data, CallbackSource source, bool doorbell)
    {
        var id = data.Needed("id", PaymentNotice.PspReferenceMax);
        var status = data.Needed("status", 40)?.ToLowerInvariant();
        var amount = data.Major("amount", "currency");
        var time = data.Time("created_at", TimeZoneInfo.Utc);
        if (data.Refused is { } refusal) return Fault(refusal);
        if (status != "successful")
            return [new NoticeEntry(1, status == "pending" ? NoticeKind.Pending : NoticeKind.Failed, id, amount, $"Its status is {status}.")];
        if (doorbell) return [new NoticeEntry(1, NoticeKind.Info, id, amount, $"Verify it: GET /v3/transactions/{id}/verify.")];
        if (Charged(data) is { } charged && charged < decimal.Parse(amount!.ToText(), CultureInfo.InvariantCulture))
        {
            var held = string.Create(CultureInfo.InvariantCulture, $"Held: {charged} was charged of {amount}. Verify it with Flutterwave.");
            return [new NoticeEntry(1, NoticeKind.Pending, id, amount, held)];
        }

        var customer = data.Section("customer");
        var payer = FlutterwaveCharge.PayerOf(
            FlutterwaveCharge.Known(customer.Loose("name", ForeignText.PayerNameMax)),
            FlutterwaveCharge.Known(customer.Loose("phone_number", ForeignText.PayerNumberMax)),
            FlutterwaveCharge.Known(customer.Loose("email", ForeignText.PayerNumberMax)));
        var test = data.Loose("flw_ref", 200)?.StartsWith("FLW-MOCK", StringComparison.Ordinal) == true;
        return [new FlutterwaveCharge(id!, amount!, data.Loose("tx_ref", ForeignText.TextMax), time, payer).ToEntry(source, test)];
    }

    /// <summary>With fees in it, it may be finer than the currency is; null for what is no number, which says nothing against the charge.</summary>
    private static decimal? Charged(MessageFields data)
    {
        const NumberStyles Json = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return decimal.TryParse(data.Loose("charged_amount", Money.TextMax), Json, CultureInfo.InvariantCulture, out var charged) ? charged : null;
    }
}
