using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps.MPesaTanzania;

/// <summary>
/// M-Pesa Tanzania through its XML broker. The sender is known by <c>spPassword</c>, the base64 SHA-256 of spId, the shared password and the timestamp;
/// that does not bind the body, so TLS must. Two namespaces are in use and both are read. The money moved when this is told, so once it is kept the
/// answer is <c>&lt;response&gt;</c> with code 0, unknown accounts too. Times without a zone are East Africa Time.
/// Settings: <c>addresses</c>; <c>sp_id</c>, the only one that is taken when set; <c>tolerance_seconds</c>, how far the timestamp may be from ours (60 to
/// 31,536,000; 86,400 by default, which the broker leaves open).
/// </summary>
public sealed class MPesaTanzaniaFormat : CallbackFormat
{
    private const string Password = "sp_password";

    /// <inheritdoc/>
    public override string Name => "mpesa-tz";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials => [new(Password, "the service provider's password, as the broker knows it")];

    /// <inheritdoc/>
    public override Refusal? Check(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var provider = new ElementFields(Part(message, "serviceProvider"));
        var (id, given, timestamp) = (provider.Optional("spId", 100), provider.Optional("spPassword", 200), provider.Optional("timestamp", 40));
        if (id is null || given is null || timestamp is null) return Signature.Missing("spPassword");
        var settings = new SettingsReader(source.Settings);
        if (settings.Text("sp_id") is { } ours && !Signature.Same(ours, id)) return Signature.Wrong;
        var wrong = Signature.Check(source, Password, [given], secret => Convert.ToBase64String(
            SHA256.HashData([.. Encoding.UTF8.GetBytes(id), .. secret, .. Encoding.UTF8.GetBytes(timestamp)])));
        if (wrong is not null) return wrong;
        return DateTime.TryParseExact(timestamp, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? Signature.CheckAge(ForeignTime.At(local, PspTime.EastAfrica), message.ReceivedAt, Tolerance(settings))
            : Signature.Stale;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageXml.Parse(message.Body);
        if (parsed.Refused is { } broken) return Fault(broken);
        var fields = new ElementFields(Part(message, "transaction"));
        var id = fields.Needed("mpesaReceipt", PaymentNotice.PspReferenceMax);
        var amount = fields.Needed("amount", Money.TextMax) is { } text ? Money.Parse(text, "TZS") : null;
        if (amount?.Refused is { } no) fields.Fault("amount", no.Code, no.Detail);
        var date = fields.Needed("transactionDate", 40);
        var paidAt = date is null ? null : ForeignTime.ReadIso(date.Replace(' ', 'T'), PspTime.EastAfrica);
        if (date is not null && paidAt is null) fields.Fault("transactionDate", "time-malformed", "The time is yyyy-MM-dd HH:mm:ss.");
        var typed = fields.Optional("accountReference", ForeignText.TextMax);
        var phone = fields.Optional("initiator", ForeignText.PayerNumberMax);
        var recipient = fields.Optional("recipient", PaymentNotice.NameMax);
        if (fields.Refused is { } refusal) return Fault(refusal);
        return
        [
            new PaymentEntry(1, new PaymentNotice
            {
                Psp = source.Psp,
                Adapter = source.Adapter,
                PspReference = id!,
                Amount = amount!.Accepted!,
                PaidAt = paidAt,
                Text = typed,
                Shortcode = recipient,
                Payer = phone is null ? null : new Payer(null, phone, null),
            }),
        ];
    }

    /// <summary><c>&lt;response&gt;</c> in the namespace of the message: code 0 when it is kept, 999 when not.</summary>
    public override CallbackAnswer Answer(CallbackMessage message, CallbackOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(outcome);
        var received = StatusOf(outcome.Verdict) == 200;
        var space = MessageXml.Parse(message.Body).Accepted?.Name.Namespace ?? XNamespace.None;
        var told = new ElementFields(Part(message, "transaction"));
        var body = new XElement(
            space + "mpesaBroker",
            new XAttribute("version", "2.0"),
            new XElement(
                space + "response",
                new XElement(space + "conversationID", told.Optional("conversationID", 200)),
                new XElement(space + "originatorConversationID", told.Optional("originatorConversationID", 200)),
                new XElement(space + "transactionID", told.Optional("transactionID", 200)),
                new XElement(space + "responseCode", received ? "0" : "999"),
                new XElement(space + "responseDesc", received ? "Received" : "Not received"),
                new XElement(space + "serviceStatus", received ? "Success" : "Failed")));
        var status = outcome.Verdict is CallbackVerdict.Forbidden or CallbackVerdict.Busy ? StatusOf(outcome.Verdict) : 200;
        return new CallbackAnswer(status, "application/xml", $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body.ToString(SaveOptions.DisableFormatting)}");
    }

    private protected override void ReadSettings(SettingsReader settings)
    {
        settings.Text("sp_id");
        Tolerance(settings);
    }

    private static XElement? Part(CallbackMessage message, string name)
    {
        var request = MessageXml.Parse(message.Body).Accepted?.Elements().FirstOrDefault(one => one.Name.LocalName == "request");
        return request?.Elements().FirstOrDefault(one => one.Name.LocalName == name);
    }

    private static TimeSpan Tolerance(SettingsReader settings) => TimeSpan.FromSeconds(settings.Number("tolerance_seconds", 60, 31_536_000, 86_400));
}
