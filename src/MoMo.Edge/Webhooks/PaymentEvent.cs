using System.Buffers;
using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Webhooks;

/// <summary>
/// The body of a webhook, as Standard Webhooks 1.0.0 recommends: <c>type</c>, <c>timestamp</c>, <c>data</c>. Names are versioned and never change
/// their meaning. With the limits of a payment's fields it stays under 20 kB.
/// </summary>
public static class PaymentEvent
{
    /// <summary>A payment was accepted for the account.</summary>
    public const string Accepted = "payment.accepted.v1";

    /// <summary>An operator gave the account a payment that had been in suspense.</summary>
    public const string Assigned = "payment.assigned.v1";

    /// <summary>Writes the body. The same delivery is the same on every attempt, but for <c>attempt</c>.</summary>
    public static ReadOnlyMemory<byte> Write(DueDelivery due)
    {
        ArgumentNullException.ThrowIfNull(due);
        var body = new ArrayBufferWriter<byte>(1_024);
        using var json = new Utf8JsonWriter(body);
        var payment = due.Payment;
        json.WriteStartObject();
        json.WriteString("type"u8, payment.Assignment is null ? Accepted : Assigned);
        json.WriteString("timestamp"u8, (payment.Assignment?.At ?? payment.ReceivedAt).UtcDateTime);
        json.WriteNumber("attempt"u8, due.Attempts + 1);
        json.WriteStartObject("data"u8);
        WritePayment(json, payment);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
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
