using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Routing;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps.Selcom;

/// <summary>
/// Selcom, Tanzania. The checkout webhook is signed: <c>Digest</c> is the base64 HMAC-SHA256 with the API secret of
/// <c>timestamp=…&amp;field=value…</c>, the fields in the order of <c>Signed-Fields</c>. It has no amount and Selcom's own sample has a key twice, so
/// it rings for the order's status where the hub may ask, and else is noted. The status is the payment: <c>data</c> has the order with
/// <c>payment_status</c> COMPLETED, <c>amount</c> and <c>transid</c>. Selcom's documents leave its currency open: TZS unless it says otherwise; and
/// <c>creation_date</c> is the order's, so no time of payment is known. Nothing but the fields named is signed, so those that count (<c>order_id</c> or
/// <c>transid</c>, and <c>payment_status</c> or <c>result</c>) must be among them.
/// C2B (utility payments) comes to <c>…/lookup</c>, <c>…/validation</c> and <c>…/notification</c> with a bearer token; the notification is the payment:
/// <c>transid</c>, <c>utilityref</c> (what the payer typed), <c>amount</c> in TZS, <c>msisdn</c>.
/// Settings: <c>addresses</c>; <c>status_url</c>; <c>status_headers</c>; <c>tolerance_seconds</c> of the webhook's Timestamp (30 to 86,400; 300 by
/// default, which Selcom leaves open).
/// </summary>
public sealed class SelcomFormat : CallbackFormat, IStatusFormat
{
    private const string ApiSecret = "api_secret";
    private const string BearerToken = "bearer_token";
    private const string OrderId = "order_id";
    private const int FieldsMax = 50;

    private static readonly string[] Questions = ["lookup", "validation"];

    /// <inheritdoc/>
    public StatusManner Manner { get; } = new([OrderId])
    {
        Headers = new Dictionary<string, string> { ["Authorization"] = "SELCOM {base64:api_key}", ["Digest-Method"] = "HS256", ["Signed-Fields"] = OrderId },
    };

    /// <inheritdoc/>
    public override string Name => "selcom";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials =>

    [
        new(ApiSecret, "the API secret, for webhooks and to ask with"), new("api_key", "the API key, to ask with") { AsksOnly = true },
        new(BearerToken, "the token that we gave Selcom, for C2B"),
    ];

    /// <inheritdoc/>
    public override Refusal? Check(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        if (IsC2b(message))
        {
            return message.Header("Authorization") is { } bearer && bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
                ? Signature.Check(source, BearerToken, [bearer[7..].Trim()], Encoding.UTF8.GetString)
                : Signature.Missing("Authorization");
        }

        if (message.Header("Digest") is not { } digest) return Signature.Missing("Digest");
        if (message.Header("Timestamp") is not { } timestamp) return Signature.Missing("Timestamp");
        if (message.Header("Signed-Fields") is not { } list) return Signature.Missing("Signed-Fields");
        if (Fields(message).Accepted is not { } fields) return Signature.Wrong;
        var names = list.Split(',', FieldsMax + 1, StringSplitOptions.TrimEntries);
        if (names.Length > FieldsMax || !names.Any(one => one is "order_id" or "transid") || !names.Any(one => one is "payment_status" or "result"))
            return Signature.Wrong;
        var text = Encoding.UTF8.GetBytes($"timestamp={timestamp}{string.Concat(names.Select(name => $"&{name}={fields.Exact(name)}"))}");
        if (Signature.Check(source, ApiSecret, [digest], secret => Convert.ToBase64String(HMACSHA256.HashData(secret, text))) is { } wrong) return wrong;
        return DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signed)
            ? Signature.CheckAge(signed, message.ReceivedAt, Tolerance(new SettingsReader(source.Settings)))
            : Signature.Stale;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var parsed = Fields(message);
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        if (!IsC2b(message))
        {
            var read = Webhook(fields, "payment_status");
            return read is [NoticeEntry said] ? [Ring(source, said, (OrderId, fields.Loose(OrderId, PaymentNotice.PspReferenceMax)))] : read;
        }

        var typed = fields.Needed("utilityref", ForeignText.TextMax);
        if (Questions.Contains(message.Path))
            return typed is null ? Fault(fields.Refused!) : [new QuestionEntry(new RoutingQuery(null, null, typed, null))];

        var id = fields.Needed("transid", PaymentNotice.PspReferenceMax);
        var amount = fields.Needed("amount", Money.TextMax) is { } text ? Money.Parse(text, "TZS") : null;
        if (amount?.Refused is { } no) fields.Fault("amount", no.Code, no.Detail);
        if (fields.Refused is { } refusal) return Fault(refusal);
        var phone = fields.Loose("msisdn", ForeignText.PayerNumberMax);
        return
        [
            new PaymentEntry(1, new PaymentNotice
            {
                Psp = source.Psp,
                Adapter = source.Adapter,
                PspReference = id!,
                Amount = amount!.Accepted!,
                Text = typed,
                Payer = phone is null ? null : new Payer(null, phone, null),
            }),
        ];
    }

    /// <summary>The answer to an order or to the question for its status: <c>result</c> is the question's, <c>payment_status</c> the payment's.</summary>
    public IReadOnlyList<Entry> ReadStatus(ReadOnlyMemory<byte> body, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageJson.Parse(body, "An answer of Selcom", duplicates: true);
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        return SelcomOrder.Find(fields) is { } order ? order.Read(source) : Webhook(fields, "payment_status");
    }

    /// <summary>The order's id; empty for an answer that is about no order, such as a question that failed: it says nothing of the payment.</summary>
    public string? Named(ReadOnlyMemory<byte> body, string by) =>
        MessageJson.Parse(body, duplicates: true).Accepted is { } fields ? SelcomOrder.Find(fields)?.Id ?? "" : null;

    /// <summary>Signs the order's id and the time, as Selcom wants all requests.</summary>
    public IReadOnlyDictionary<string, string> Sign(string by, string reference, DateTimeOffset at, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Secrets.Of(ApiSecret) is not [var secret, ..]) return new Dictionary<string, string>();
        var time = at.ToOffset(PspTime.EastAfrica.BaseUtcOffset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        var text = Encoding.UTF8.GetBytes($"timestamp={time}&{OrderId}={reference}");
        return new Dictionary<string, string>
        {
            ["Timestamp"] = time, ["Digest"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), text)),
        };
    }

    /// <summary>C2B in Selcom's codes: 000 taken, 010 unknown reference, 012 amount, 014 refused otherwise, 015 try again.</summary>
    public override CallbackAnswer Answer(CallbackMessage message, CallbackOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(outcome);
        if (!IsC2b(message)) return base.Answer(message, outcome);
        var (code, words) = outcome.Verdict switch
        {
            CallbackVerdict.Accepted or CallbackVerdict.Repeat or CallbackVerdict.Differs or CallbackVerdict.Welcome => ("000", "Accepted"),
            CallbackVerdict.Unwelcome => ("010", "Invalid account or reference"),
            CallbackVerdict.Refused when outcome.Refusal?.Detail.Contains("amount", StringComparison.OrdinalIgnoreCase) == true => ("012", "Invalid amount"),
            CallbackVerdict.Busy or CallbackVerdict.Unsure => ("015", "Try again"),
            _ => ("014", "Refused"),
        };
        var fields = Fields(message).Accepted;
        var body = new Dictionary<string, string?>
        {
            ["reference"] = fields?.Loose("reference", 200),
            ["transid"] = fields?.Loose("transid", 200),
            ["resultcode"] = code,
            ["result"] = code == "000" ? "SUCCESS" : "FAIL",
            ["message"] = words,
        };
        return new CallbackAnswer(outcome.Verdict is CallbackVerdict.Forbidden or CallbackVerdict.Busy ? StatusOf(outcome.Verdict) : 200,
            "application/json", JsonSerializer.Serialize(body));
    }

    private protected override void ReadSettings(SettingsReader settings) => Tolerance(settings);

    private static Entry[] Webhook(MessageFields fields, string paid)
    {
        var id = fields.Loose("order_id", PaymentNotice.PspReferenceMax) ?? fields.Loose("transid", PaymentNotice.PspReferenceMax)
            ?? fields.Loose("reference", PaymentNotice.PspReferenceMax);
        // Selcom's own sample misspells it.
        var code = fields.Loose("resultcode", 10) ?? fields.Loose("resulcode", 10);
        var status = (fields.Loose(paid, 40) ?? fields.Loose("result", 40))?.ToUpperInvariant();
        if (id is null || (code is null && status is null)) return Fault("message-malformed", "The message names an order, and its result or status.");
        var kind = (code, status) switch
        {
            ("111" or "927" or "999", _) or (_, "PENDING" or "INPROGRESS") => NoticeKind.Pending,
            (null or "000", "COMPLETED" or "SUCCESS") => NoticeKind.Info,
            _ => NoticeKind.Failed,
        };
        var detail = kind == NoticeKind.Failed ? "" : " Ask for the order's status.";
        return [new NoticeEntry(1, kind, id, null, ForeignText.Clean($"Result {code}, status {status}.{detail}", ForeignText.DetailMax))];
    }

    private static bool IsC2b(CallbackMessage message) => message.Path == "notification" || Questions.Contains(message.Path);

    private static Outcome<MessageFields> Fields(CallbackMessage message) => MessageJson.Parse(message.Body, "A message of Selcom", duplicates: true);

    private static TimeSpan Tolerance(SettingsReader settings) =>
        TimeSpan.FromSeconds(settings.Number("tolerance_seconds", 30, 86_400, (int)Signature.ToleranceDefault.TotalSeconds));
}
