using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;

namespace MoMo.Edge.Webhooks;

/// <summary>
/// The body of a webhook, as Standard Webhooks 1.0.0 recommends: <c>type</c>, <c>timestamp</c>, <c>data</c>. Names are versioned and never change
/// their meaning. With the limits of a payment's fields it stays under 20 kB.
/// </summary>
public static class PaymentEvent
{
    /// <summary>The version of all events: rises when a field changes its meaning; new fields may come without.</summary>
    public const int Version = 1;

    /// <summary>Bytes of a body at most, as Standard Webhooks 1.0.0 recommends.</summary>
    public const int BytesMax = 20_000;

    // Letters stay letters: escaped, they would be up to six times as long.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A writer and its buffer for each thread: a body of its own then costs no more than its bytes.
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Body, Utf8JsonWriter Json)? tools;

    /// <summary>Writes the body. The same delivery is the same on every attempt, but for <c>attempt</c>.</summary>
    public static ReadOnlyMemory<byte> Write(DueDelivery due)
    {
        ArgumentNullException.ThrowIfNull(due);
        var (body, json) = tools ??= Tools();
        body.ResetWrittenCount();
        json.Reset(body); // whatever an earlier one left that could not be written
        Write(json, due);
        json.Flush();
        return body.WrittenSpan.ToArray();
    }

    private static (ArrayBufferWriter<byte> Body, Utf8JsonWriter Json) Tools()
    {
        var body = new ArrayBufferWriter<byte>(1_024);
        return (body, new Utf8JsonWriter(body, Plain));
    }

    private static void Write(Utf8JsonWriter json, DueDelivery due)
    {
        json.WriteStartObject();
        switch (due)
        {
            case { Payment: { } payment, Reversal: { } reversal }:
                WriteHead(json, EventTypes.Reversed, reversal.ReceivedAt, due.Attempts);
                WriteReversal(json, reversal, payment);
                break;
            case { Payment: { } payment }:
                var type = payment.Assignment is null ? EventTypes.Accepted : EventTypes.Assigned;
                WriteHead(json, type, payment.Assignment?.At ?? payment.ReceivedAt, due.Attempts);
                WritePayment(json, payment);
                break;
            case { Adapter: { } news }:
                WriteHead(json, EventTypes.AdapterState, news.At, due.Attempts);
                WriteNews(json, news);
                break;
            default:
                throw new ArgumentException($"Delivery {due.Id} tells of nothing.", nameof(due));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, string type, DateTimeOffset at, int attempts)
    {
        json.WriteString("type"u8, type);
        json.WriteNumber("version"u8, Version);
        json.WriteString("timestamp"u8, at.UtcDateTime);
        json.WriteNumber("attempt"u8, attempts + 1);
        json.WriteStartObject("data"u8);
    }

    /// <summary>The reversal, which may be of a part, and the payment as it was told.</summary>
    private static void WriteReversal(Utf8JsonWriter json, Reversal reversal, Payment payment)
    {
        var notice = reversal.Notice;
        json.WriteString("id"u8, reversal.Id);
        json.WriteString("account_id"u8, reversal.AccountId);
        json.WriteNumber("sequence"u8, reversal.Sequence!.Value);
        json.WriteString("psp"u8, notice.Psp);
        json.WriteString("psp_reference"u8, notice.PspReference);
        json.WriteString("by"u8, notice.IsOperators ? "operator"u8 : "psp"u8);
        Text(json, "adapter"u8, notice.Adapter);
        json.WriteString("amount"u8, notice.Amount.ToText());
        json.WriteString("currency"u8, notice.Amount.Currency.Code);
        json.WriteString("received_at"u8, reversal.ReceivedAt.UtcDateTime);
        Text(json, "reason"u8, notice.Detail);
        json.WriteStartObject("payment"u8);
        WritePayment(json, payment);
        json.WriteEndObject();
    }

    private static void WriteNews(Utf8JsonWriter json, AdapterNews news)
    {
        json.WriteString("id"u8, news.Id);
        json.WriteString("adapter"u8, news.AdapterId);
        json.WriteString("psp"u8, news.Psp);
        json.WriteString("state"u8, news.State);
        json.WriteString("since"u8, news.At.UtcDateTime);
        Text(json, "detail"u8, news.Detail);
    }

    private static void WritePayment(Utf8JsonWriter json, Payment payment)
    {
        var notice = payment.Notice;
        json.WriteString("id"u8, payment.Id);
        json.WriteString("account_id"u8, payment.AccountId);
        json.WriteNumber("sequence"u8, payment.Sequence!.Value);
        Text(json, "reference_id"u8, payment.ReferenceId);
        json.WriteString("psp"u8, notice.Psp);
        json.WriteString("psp_reference"u8, notice.PspReference);
        Text(json, "adapter"u8, notice.Adapter);
        json.WriteString("amount"u8, notice.Amount.ToText());
        json.WriteString("currency"u8, notice.Amount.Currency.Code);
        if (notice.PaidAt is { } paidAt)
        {
            json.WriteString("paid_at"u8, paidAt.Instant.UtcDateTime);
            json.WriteString("paid_at_precision"u8, paidAt.DayOnly ? "day"u8 : "instant"u8);
        }

        json.WriteString("received_at"u8, payment.ReceivedAt.UtcDateTime);
        Text(json, "text"u8, notice.Text);
        Text(json, "shortcode"u8, notice.Shortcode);
        if (notice.Payer is { } payer)
        {
            json.WriteStartObject("payer"u8);
            Text(json, "name"u8, payer.Name);
            Text(json, "phone"u8, payer.Phone);
            Text(json, "account"u8, payer.Account);
            json.WriteEndObject();
        }

        if (notice.Metadata is { } metadata)
        {
            json.WritePropertyName("metadata"u8);
            json.WriteRawValue(metadata);
        }
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
