using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Psps.Mixx;

/// <summary>
/// Mixx by Yas (formerly Tigo Pesa), Tanzania: <c>SYNC_BILLPAY_REQUEST</c>. Nothing in it tells the sender: the VPN's addresses must be set. It has no
/// time. The answer is final for the payer, and it comes after the payment is kept, so an unknown reference is taken (into suspense) rather than turned
/// down. <c>REFID</c> is made of <c>TXNID</c>, so a retry gets the same one.
/// Settings: <c>addresses</c> (required).
/// </summary>
public sealed class MixxFormat : CallbackFormat
{
    private const string Request = "SYNC_BILLPAY_REQUEST";

    /// <inheritdoc/>
    public override string Name => "mixx-tz";

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageXml.Parse(message.Body);
        if (parsed.Accepted is not { } command) return Fault(parsed.Refused!);
        var fields = new ElementFields(command);
        var type = fields.Needed("TYPE", 100);
        if (type is not null && type != Request) fields.Fault("TYPE", "field-malformed", $"Only {Request} is taken.");
        var id = fields.Needed("TXNID", PaymentNotice.PspReferenceMax);
        var amount = fields.Needed("AMOUNT", Money.TextMax) is { } text ? Money.Parse(text, "TZS") : null;
        if (amount?.Refused is { } no) fields.Fault("AMOUNT", no.Code, no.Detail);
        var typed = fields.Optional("CUSTOMERREFERENCEID", ForeignText.TextMax);
        var (name, phone) = (fields.Optional("SENDERNAME", ForeignText.PayerNameMax), fields.Optional("MSISDN", ForeignText.PayerNumberMax));
        var company = fields.Optional("COMPANYNAME", PaymentNotice.NameMax);
        if (fields.Refused is { } refusal) return Fault(refusal);
        return
        [
            new PaymentEntry(1, new PaymentNotice
            {
                Psp = source.Psp,
                Adapter = source.Adapter,
                PspReference = id!,
                Amount = amount!.Accepted!,
                Text = typed,
                Shortcode = company,
                Payer = name is null && phone is null ? null : new Payer(name, phone, null),
            }),
        ];
    }

    /// <summary><c>SYNC_BILLPAY_RESPONSE</c>: TS and error000 when it is taken; TF and error012 for an amount that differs or can't be, error111 to try
    /// again, error100 for all else.</summary>
    public override CallbackAnswer Answer(CallbackMessage message, CallbackOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(outcome);
        var code = outcome.Verdict switch
        {
            CallbackVerdict.Accepted or CallbackVerdict.Repeat => "error000",
            CallbackVerdict.Differs => "error012",
            CallbackVerdict.Refused when outcome.Refusal?.Detail.Contains("AMOUNT", StringComparison.Ordinal) == true => "error012",
            CallbackVerdict.Busy => "error111",
            _ => "error100",
        };
        var id = new ElementFields(MessageXml.Parse(message.Body).Accepted).Optional("TXNID", PaymentNotice.PspReferenceMax);
        var body = new XElement(
            "COMMAND",
            new XElement("TYPE", "SYNC_BILLPAY_RESPONSE"),
            new XElement("TXNID", id),
            new XElement("REFID", id is null ? null : $"R{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..16]}"),
            new XElement("RESULT", code == "error000" ? "TS" : "TF"),
            new XElement("ERRORCODE", code),
            new XElement("ERRORDESC"),
            new XElement("MSISDN", new ElementFields(MessageXml.Parse(message.Body).Accepted).Optional("MSISDN", ForeignText.PayerNumberMax)),
            new XElement("FLAG", code == "error000" ? "Y" : "N"),
            new XElement("CONTENT", code == "error000" ? "Received" : "Not received"));
        return new CallbackAnswer(200, "application/xml", $"<?xml version=\"1.0\"?>{body.ToString(SaveOptions.DisableFormatting)}");
    }

    private protected override void ReadSettings(SettingsReader settings)
    {
        if (settings.Value("addresses") is not { ValueKind: JsonValueKind.Array })
            settings.Fault("addresses", "setting-missing", "Mixx tells nothing of itself: list the addresses of its VPN.");
    }
}
