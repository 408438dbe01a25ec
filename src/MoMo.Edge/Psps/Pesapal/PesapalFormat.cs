using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Psps.Pesapal;

/// <summary>
/// Pesapal 3. Its IPN, by GET or POST, only says that something about an order changed: it has neither amount nor status, and nobody signs it, so it
/// only rings where the hub may ask, and else is noted with what to fetch. The payment is what <c>GetTransactionStatus</c> answers: <c>status_code</c>
/// 1, 2, 3 or 0 (never the description, which comes in two spellings), and an HTTP 200 may carry status "500". Its times have no zone and are East
/// Africa Time. The confirmation code may be the receipt of M-Pesa, which Daraja tells, too, as another PSP's payment.
/// Settings: <c>addresses</c>, <c>status_url</c>, <c>token_url</c>, <c>status_headers</c>.
/// </summary>
public sealed class PesapalFormat : CallbackFormat, IStatusFormat
{
    private const string Tracking = "order_tracking_id";
    private const int UrlMax = 2_000;

    /// <inheritdoc/>
    public StatusManner Manner { get; } = new([Tracking])
    {
        Token = new TokenManner
        {
            Json = new Dictionary<string, string> { ["consumer_key"] = "{consumer_key}", ["consumer_secret"] = "{consumer_secret}" },
        },
    };

    /// <inheritdoc/>
    public override string Name => "pesapal";

    /// <inheritdoc/>
    public override bool CallsByGet => true;

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials =>
    [
        new("consumer_key", "the consumer key that Pesapal gave, to ask with") { AsksOnly = true },
        new("consumer_secret", "the consumer secret that goes with it") { AsksOnly = true },
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var (tracking, _, kind) = Order(message);
        if (tracking is null) return Fault("message-malformed", "OrderTrackingId: An IPN has one, of at most 200 characters.");
        var said = kind is "RECURRING"
            ? "A recurring payment changed: GET GetTransactionStatus for the order."
            : $"The order changed: GET /api/Transactions/GetTransactionStatus?orderTrackingId={tracking}.";
        return [Ring(source, new NoticeEntry(1, NoticeKind.Info, tracking, null, said), (Tracking, tracking))];
    }

    /// <summary>
    /// The order's tracking id: as a field, or as Pesapal adds it to the order's <c>call_back_url</c>; empty for an answer that has neither.
    /// </summary>
    public string? Named(ReadOnlyMemory<byte> body, string by) => MessageJson.Parse(body).Accepted is { } fields
        ? fields.Loose(Tracking, PaymentNotice.PspReferenceMax) ?? Called(fields.Loose("call_back_url", UrlMax)) ?? "" : null;

    /// <inheritdoc/>
    public IReadOnlyList<Entry> ReadStatus(ReadOnlyMemory<byte> body, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageJson.Parse(body, "An answer of Pesapal");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        if (fields.Loose("status", 10) is { } status && status != "200")
            return Fault("status-refused", $"Pesapal answers {status}: {fields.Section("error").Loose("message", 200) ?? fields.Loose("message", 200)}");
        var code = fields.Needed("status_code", 10);
        var tracking = fields.Loose("order_tracking_id", PaymentNotice.PspReferenceMax);
        if (fields.Refused is { } unknown) return Fault(unknown);
        if (code is not ("1" or "3"))
            return [new NoticeEntry(1, code == "0" ? NoticeKind.Pending : NoticeKind.Failed, tracking, null, $"Its status code is {code}.")];

        var id = fields.Needed("confirmation_code", PaymentNotice.PspReferenceMax);
        var amount = fields.Major("amount", "currency");
        var paidAt = fields.Time("created_date", PspTime.EastAfrica);
        if (fields.Refused is { } refusal) return Fault(refusal);
        if (code == "3") return [new ReversalEntry(1, id!, amount!, id, null, null, $"The payment of order {tracking} was reversed.")];
        var account = fields.Loose("payment_account", ForeignText.PayerNumberMax);
        return
        [
            new PaymentEntry(1, new PaymentNotice
            {
                Psp = source.Psp,
                Adapter = source.Adapter,
                PspReference = id!,
                Amount = amount!,
                PaidAt = paidAt,
                Payer = account is null ? null : new Payer(null, null, account),
            }.WithMerchantReference(fields.Loose("merchant_reference", ForeignText.TextMax))),
        ];
    }

    /// <summary>Pesapal's own acknowledgement; status 500 in it makes Pesapal send the IPN again.</summary>
    public override CallbackAnswer Answer(CallbackMessage message, CallbackOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(outcome);
        var (tracking, merchant, kind) = Order(message);
        var received = StatusOf(outcome.Verdict) == 200;
        var body = new Dictionary<string, object?>
        {
            ["orderNotificationType"] = kind ?? "IPNCHANGE",
            ["orderTrackingId"] = tracking,
            ["orderMerchantReference"] = merchant,
            ["status"] = received ? 200 : 500,
        };
        return new CallbackAnswer(outcome.Verdict == CallbackVerdict.Busy ? 503 : 200, "application/json", JsonSerializer.Serialize(body));
    }

    private static string? Called(string? url) => url?.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query
        && QueryHelpers.ParseQuery(url[query..]).TryGetValue("OrderTrackingId", out var ids) && ids.Count == 1
            ? ForeignText.Clean(ids[0], PaymentNotice.PspReferenceMax) : null;

    /// <summary>What a GET says in its query, and a POST in its JSON or form.</summary>
    private static (string? Tracking, string? Merchant, string? Kind) Order(CallbackMessage message)
    {
        if (message.Method != "GET" && MessageJson.Parse(message.Body).Accepted is { } fields)
            return (fields.Loose("OrderTrackingId", PaymentNotice.PspReferenceMax), fields.Loose("OrderMerchantReference", 200), fields.Loose("OrderNotificationType", 40));
        if (message.Body.Length > MessageJson.BodyMax) return default;
        var query = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(message.Body.Span));
        return (One("OrderTrackingId"), One("OrderMerchantReference"), One("OrderNotificationType"));

        string? One(string name) => query.TryGetValue(name, out var values) && values.Count == 1
            ? ForeignText.Clean(values[0], PaymentNotice.PspReferenceMax) : null;
    }
}
