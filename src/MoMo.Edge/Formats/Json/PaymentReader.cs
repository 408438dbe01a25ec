using System.Text.Json;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Json;

/// <summary>
/// Reads one payment in the standard form from JSON. Written by hand on the framework's reader: it names every faulty field at once, refuses
/// duplicate and unknown names (a typo in <c>account_id</c> must not send money to suspense), takes an amount's digits as they stand, and is the
/// hot path.
/// </summary>
public static class PaymentReader
{
    private const int DepthMax = 16;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = DepthMax, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Reads a payment.</summary>
    /// <param name="json">UTF-8, with or without a byte order mark.</param>
    /// <param name="adapter">The adapter it came through; null when posted straight to the API.</param>
    /// <returns>The payment, or <c>malformed-json</c>, or <c>payment-malformed</c> with every fault at once.</returns>
    public static Outcome<PaymentNotice> Read(ReadOnlySpan<byte> json, string? adapter) => Read(json, adapter, new PaymentDraft());

    /// <summary>Reads a payment into a draft, which tells what a refused one said as well.</summary>
    /// <param name="json">UTF-8, with or without a byte order mark.</param>
    /// <param name="adapter">The adapter it came through; null when posted straight to the API.</param>
    /// <param name="draft">Empty; holds what could be read.</param>
    /// <returns>The payment, or <c>malformed-json</c>, or <c>payment-malformed</c> with every fault at once.</returns>
    public static Outcome<PaymentNotice> Read(ReadOnlySpan<byte> json, string? adapter, PaymentDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (json.IsEmpty) return new Refusal("malformed-json", "The body is empty.");
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return new Refusal("malformed-json", "The body is one JSON object.");
            ReadObject(ref reader, json, draft);
            if (reader.Read()) return new Refusal("malformed-json", "The body is one JSON object and nothing after it.");
        }
        catch (JsonException)
        {
            return new Refusal("malformed-json", $"The body is not JSON: {JsonFault.Explain(json, DepthMax)}.");
        }
        catch (InvalidOperationException)
        {
            return new Refusal("malformed-json", "The body holds text that is not Unicode: bytes that are not UTF-8, or half a surrogate pair.");
        }

        return draft.Check(adapter);
    }

    private static void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, PaymentDraft draft)
    {
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var place = Place(ref reader);
            if (place < 0)
            {
                var name = reader.GetString()!;
                draft.Unknown(name);
                reader.Skip();
                continue;
            }

            if ((seen & (1 << place)) != 0) draft.Fault(Names[place], "duplicate", $"{Names[place]} stands twice.");
            seen |= 1 << place;
            reader.Read();
            ReadField(ref reader, json, draft, place);
        }
    }

    private static readonly string[] Names =
        ["psp", "psp_reference", "account_id", "reference_id", "amount", "currency", "paid_at", "payer", "metadata", "text", "shortcode"];

    private static readonly string[] PayerNames = ["payer.name", "payer.phone", "payer.account"];

    private static int Place(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("psp"u8)) return 0;
        if (reader.ValueTextEquals("psp_reference"u8)) return 1;
        if (reader.ValueTextEquals("account_id"u8)) return 2;
        if (reader.ValueTextEquals("reference_id"u8)) return 3;
        if (reader.ValueTextEquals("amount"u8)) return 4;
        if (reader.ValueTextEquals("currency"u8)) return 5;
        if (reader.ValueTextEquals("paid_at"u8)) return 6;
        if (reader.ValueTextEquals("payer"u8)) return 7;
        if (reader.ValueTextEquals("metadata"u8)) return 8;
        if (reader.ValueTextEquals("text"u8)) return 9;
        return reader.ValueTextEquals("shortcode"u8) ? 10 : -1;
    }

    private static void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, PaymentDraft draft, int place)
    {
        switch (place)
        {
            case 0:
                draft.Psp = Text(ref reader, draft, "psp");
                break;
            case 1:
                draft.PspReference = Text(ref reader, draft, "psp_reference");
                break;
            case 2:
                draft.AccountId = Text(ref reader, draft, "account_id");
                break;
            case 3:
                draft.ReferenceId = Text(ref reader, draft, "reference_id");
                break;
            case 4:
                // A number's own digits, never a double.
                draft.Amount = reader.TokenType == JsonTokenType.Number ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan) : Text(ref reader, draft, "amount");
                break;
            case 5:
                draft.Currency = Text(ref reader, draft, "currency");
                break;
            case 6:
                draft.PaidAt = Text(ref reader, draft, "paid_at");
                break;
            case 7:
                ReadPayer(ref reader, draft);
                break;
            case 8:
                ReadMetadata(ref reader, json, draft);
                break;
            case 9:
                draft.Text = Text(ref reader, draft, "text");
                break;
            default:
                draft.Shortcode = Text(ref reader, draft, "shortcode");
                break;
        }
    }

    private static void ReadPayer(ref Utf8JsonReader reader, PaymentDraft draft)
    {
        if (reader.TokenType == JsonTokenType.Null) return;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            draft.Fault("payer", "type", "payer is an object with name, phone and account.");
            reader.Skip();
            return;
        }

        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var place = reader.ValueTextEquals("name"u8) ? 0 : reader.ValueTextEquals("phone"u8) ? 1 : reader.ValueTextEquals("account"u8) ? 2 : -1;
            if (place < 0)
            {
                var name = reader.GetString()!;
                draft.Unknown($"payer.{name}");
                reader.Skip();
                continue;
            }

            var field = PayerNames[place];
            if ((seen & (1 << place)) != 0) draft.Fault(field, "duplicate", $"{field} stands twice.");
            seen |= 1 << place;
            reader.Read();
            var text = Text(ref reader, draft, field);
            if (place == 0) draft.PayerName = text;
            else if (place == 1) draft.PayerPhone = text;
            else draft.PayerAccount = text;
        }
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, PaymentDraft draft)
    {
        if (reader.TokenType == JsonTokenType.Null) return;
        var start = (int)reader.TokenStartIndex;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        JsonText.Walk(ref reader);
        var length = (int)reader.BytesConsumed - start;
        if (!isObject) draft.Fault("metadata", "type", "metadata is a JSON object.");
        else if (length > PaymentNotice.MetadataMax) draft.Fault("metadata", "too-long", $"metadata has at most {PaymentNotice.MetadataMax} bytes of JSON.");
        else draft.Metadata = System.Text.Encoding.UTF8.GetString(json.Slice(start, length));
    }

    private static string? Text(ref Utf8JsonReader reader, PaymentDraft draft, string field)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Null:
                return null;
            default:
                draft.Fault(field, "type", $"{field} is text.");
                reader.Skip();
                return null;
        }
    }
}
