using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>
/// What Daraja sends for money that a customer pays to a shortcode: the C2B validation before and the confirmation after, which look the
/// same.
/// </summary>
public sealed record C2bMessage
{
    /// <summary>Largest body that is read, in bytes.</summary>
    public const int BodyMax = 64 << 10;

    private const int DepthMax = 8;
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    /// <summary><c>TransID</c>: M-Pesa's receipt, the same in the statement.</summary>
    public required string TransId { get; init; }

    /// <summary><c>TransactionType</c>, such as <c>Pay Bill</c>; for information only.</summary>
    public string? TransactionType { get; init; }

    /// <summary><c>TransAmount</c>, in KES.</summary>
    public required Money Amount { get; init; }

    /// <summary><c>TransTime</c>, which is East Africa Time.</summary>
    public required PaidAt PaidAt { get; init; }

    /// <summary><c>BusinessShortCode</c>: ours.</summary>
    public required string Shortcode { get; init; }

    /// <summary><c>BillRefNumber</c>: what the payer typed; null when nothing, as with a till.</summary>
    public string? Text { get; init; }

    /// <summary>Names and <c>MSISDN</c>, which comes masked or hashed.</summary>
    public Payer? Payer { get; init; }

    /// <summary>The message as a standard payment.</summary>
    public PaymentNotice ToNotice(string psp, string? adapter) => new()
    {
        Psp = psp,
        Adapter = adapter,
        PspReference = TransId,
        Amount = Amount,
        Text = Text,
        Shortcode = Shortcode,
        PaidAt = PaidAt,
        Payer = Payer,
    };

    /// <summary>Reads a body: UTF-8 with or without a byte order mark, or Windows-1252.</summary>
    /// <returns>
    /// The message, or one of: <c>body-too-large</c>; <c>json-malformed</c> (not JSON, a key twice, nested too deep);
    /// <c>message-malformed</c> with all faults, by Daraja's own names of the fields: <c>field-missing</c>, <c>field-malformed</c>,
    /// <c>time-malformed</c>, and the amount's codes of <see cref="Money.Parse(ReadOnlySpan{char}, Currency)"/>.
    /// </returns>
    public static Outcome<C2bMessage> Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Length > BodyMax) return new Refusal("body-too-large", $"A C2B message has at most {BodyMax} bytes.");
        if (body.Span.StartsWith(Encoding.UTF8.Preamble)) body = body[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(body.Span)) body = Encoding.UTF8.GetBytes(Windows1252Fallback.Utf8.GetString(body.Span));
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DepthMax });
            if (json.RootElement.ValueKind == JsonValueKind.Object) return Read(new C2bFields(json.RootElement));
        }
        catch (JsonException e)
        {
            return new Refusal("json-malformed", $"The body is no JSON that can be trusted: {ForeignText.Clean(e.Message, 200)}");
        }
        catch (InvalidOperationException)
        {
            return new Refusal("json-malformed", "A name in the body is not Unicode (half a surrogate pair).");
        }

        return new Refusal("json-malformed", "A C2B message is a JSON object.");
    }

    private static Outcome<C2bMessage> Read(C2bFields fields)
    {
        var id = fields.Needed("TransID", PaymentNotice.PspReferenceMax);
        var shortcode = fields.Needed("BusinessShortCode", PaymentNotice.NameMax);
        var amount = fields.Needed("TransAmount", Money.TextMax) is { } money ? ReadAmount(fields, money) : null;
        var paidAt = fields.Needed("TransTime", 14) is { } time ? ReadTime(fields, time) : null;
        var text = fields.Optional("BillRefNumber", ForeignText.TextMax);
        var type = fields.Optional("TransactionType", PaymentNotice.NameMax);
        var payer = ReadPayer(fields);
        if (fields.Faults.Count > 0 || id is null || shortcode is null || amount is null || paidAt is null)
            return new Refusal("message-malformed", "The message is no C2B payment; see the fields.", fields.Faults);
        return new C2bMessage { TransId = id, TransactionType = type, Amount = amount, PaidAt = paidAt, Shortcode = shortcode, Text = text,
            Payer = payer };
    }

    private static Money? ReadAmount(C2bFields fields, string text) => Money.Parse(text, "KES").Match<Money?>(
        accepted: money => money,
        refused: refusal =>
        {
            fields.Fault("TransAmount", refusal.Code, refusal.Detail);
            return null;
        });

    private static PaidAt? ReadTime(C2bFields fields, string text)
    {
        if (text.Length == 14
            && DateTime.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
                && local.Year > 1)
            return new PaidAt(new DateTimeOffset(local, EastAfrica).ToUniversalTime());
        fields.Fault("TransTime", "time-malformed", "The time is 14 digits, yyyyMMddHHmmss, of a possible time.");
        return null;
    }

    private static Payer? ReadPayer(C2bFields fields)
    {
        string?[] names = [fields.Optional("FirstName", 100), fields.Optional("MiddleName", 100), fields.Optional("LastName", 100)];
        var name = ForeignText.Clean(string.Join(' ', names.OfType<string>()), ForeignText.PayerNameMax);
        var phone = fields.Optional("MSISDN", ForeignText.PayerNumberMax);
        return name is null && phone is null ? null : new Payer(name, phone, null);
    }
}
